import { describe, expect, test } from 'vitest';
import { gpt2Config } from '../../../src/gpt2/config.ts';

const read = (json: Record<string, unknown>) => gpt2Config({ model_type: 'gpt2', ...json }, '/models/mine');

// transformers.GPT2Config().to_dict()
const DEFAULTS = {
  layers: 12,
  heads: 12,
  width: 768,
  positions: 1024,
  vocabularySize: 50257,
  innerWidth: 3072,
  layerNormEpsilon: 1e-5,
  activation: 'geluTanh',
  tied: true,
};

test('absent fields and null take the defaults of transformers', () => {
  expect(read({})).toMatchObject(DEFAULTS);
  expect(read({ n_inner: null, n_layer: null, tie_word_embeddings: null })).toMatchObject(DEFAULTS);
});

test.each([
  ['n_layer', 6, { layers: 6 }],
  ['num_hidden_layers', 6, { layers: 6 }],
  ['n_head', 8, { heads: 8 }],
  ['num_attention_heads', 8, { heads: 8 }],
  ['n_embd', 1200, { width: 1200, innerWidth: 4800 }],
  ['hidden_size', 1200, { width: 1200, innerWidth: 4800 }],
  ['n_positions', 64, { positions: 64 }],
  ['max_position_embeddings', 64, { positions: 64 }],
  ['vocab_size', 100, { vocabularySize: 100 }],
  ['n_inner', 100, { innerWidth: 100 }],
  ['layer_norm_epsilon', 0.01, { layerNormEpsilon: 0.01 }],
  ['tie_word_embeddings', false, { tied: false }],
  ['activation_function', 'gelu_new', { activation: 'geluTanh' }],
  ['activation_function', 'gelu_fast', { activation: 'geluTanh' }],
  ['activation_function', 'gelu_pytorch_tanh', { activation: 'geluTanh' }],
  ['activation_function', 'gelu', { activation: 'gelu' }],
  ['activation_function', 'relu', { activation: 'relu' }],
  ['eos_token_id', 50256, { endTokens: [50256] }],
  ['eos_token_id', [5, 7], { endTokens: [5, 7] }],
  ['eos_token_id', null, { endTokens: [] }],
  ['eos_token_id', 60000, { endTokens: [] }],
])('%s = %j', (field, value, expected) => {
  expect(read({ [field]: value })).toMatchObject({ ...DEFAULTS, ...expected });
});

test.each([
  ['scaled by the root of the head size', {}, [1 / 8, 1 / 8]],
  ['not scaled', { scale_attn_weights: false }, [1, 1]],
  ['and by the layer', { scale_attn_by_inverse_layer_idx: true }, [1 / 8, 1 / 16]],
  ['by the layer alone', { scale_attn_weights: false, scale_attn_by_inverse_layer_idx: true }, [1, 1 / 2]],
])('attention scores %s', (_, fields, [first, second]) => {
  const { attentionScale } = read(fields);
  expect([attentionScale(0), attentionScale(1)]).toEqual([first, second]);
});

describe('refused by name and value', () => {
  test.each([
    ['eos_token_id', -1],
    ['eos_token_id', [1, '2']],
    ['n_layer', 0],
    ['n_layer', -1],
    ['n_layer', 1.5],
    ['n_layer', '12'],
    ['num_hidden_layers', 0],
    ['n_head', 0],
    ['n_embd', [768]],
    ['n_positions', 0],
    ['vocab_size', true],
    ['n_inner', 0],
    ['layer_norm_epsilon', '1e-5'],
    ['layer_norm_epsilon', -1],
    ['tie_word_embeddings', 'yes'],
    ['scale_attn_weights', 1],
    ['scale_attn_by_inverse_layer_idx', 'no'],
  ])('%s = %j', (field, value) => {
    const names = { num_hidden_layers: 'n_layer' } as Record<string, string>;
    const told = `${names[field] ?? field} is ${JSON.stringify(value)}`;
    expect(() => read({ [field]: value })).toThrow(
      expect.objectContaining({ code: 'config-invalid', message: expect.stringContaining(told) }),
    );
    expect(() => read({ [field]: value })).toThrow('/models/mine');
  });

  test('a width that is no multiple of the heads', () => {
    expect(() => read({ n_embd: 100, n_head: 3 })).toThrow(/n_embd is 100 and n_head is 3/);
  });

  test.each([
    ['add_cross_attention', true],
    ['pruned_heads', { 0: [1] }],
    ['quantization_config', { load_in_8bit: true }],
    ['activation_function', 'silu'],
    ['activation_function', 'constructor'],
    ['activation_function', 3],
  ])('%s = %j', (field, value) => {
    const told = `${field} = ${JSON.stringify(value)}`;
    expect(() => read({ [field]: value })).toThrow(
      expect.objectContaining({ code: 'config-unsupported', message: expect.stringContaining(told) }),
    );
  });

  test.each([
    ['add_cross_attention', false],
    ['pruned_heads', {}],
    ['quantization_config', null],
    ['reorder_and_upcast_attn', true], // the same numbers in float32
    ['attn_pdrop', 0.5],
  ])('but not %s = %j, which changes nothing', (field, value) => {
    expect(read({ [field]: value })).toMatchObject(DEFAULTS);
  });
});
