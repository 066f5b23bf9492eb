/** The name that a weight has in the model folder that transformers writes. */
export const inModel = (name: string): string =>
  name === 'lm_head.weight' || /^(score|classification|v_head)\./.test(name) ? name : `transformer.${name}`;

/** The name that PEFT gives a weight in adapter_model.safetensors. */
export const inAdapter = (name: string): string => `base_model.model.${inModel(name)}`;

/** Names of the two halves of a matrix's adapter, `h.0.attn.c_attn.weight` → `h.0.attn.c_attn.lora_A.weight`. */
export function loraNames(matrix: string): { readonly a: string; readonly b: string } {
  const module = matrix.slice(0, -'.weight'.length);
  return { a: `${module}.lora_A.weight`, b: `${module}.lora_B.weight` };
}
