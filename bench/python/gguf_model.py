"""Writes a GPT-2 model folder as GGUF for llama.cpp: `gguf_model.py <model folder> <file>`.

Every matrix is Q4_0, the embedding and the head that is tied to it too (llama.cpp's own converter leaves that in Q6_K); norms,
biases and positions are float32. Names and turned matrices are those of llama.cpp's convert_hf_to_gguf.py.
"""

import json
import re
import sys
from pathlib import Path

import numpy as np
from gguf import MODEL_ARCH, GGMLQuantizationType, GGUFWriter, LlamaFileType, TokenType, get_tensor_name_map, quantize
from safetensors import safe_open

Q4_0 = GGMLQuantizationType.Q4_0
# transformers' Conv1D keeps [inputs, outputs].
TURNED = re.compile(r"\.(c_attn|c_proj|c_fc)\.weight$")


def main(folder: Path, file: str) -> None:
    config = json.loads((folder / "config.json").read_text())
    writer = GGUFWriter(file, "gpt2")
    describe(writer, config)
    add_tokenizer(writer, json.loads((folder / "tokenizer.json").read_text()))
    names = get_tensor_name_map(MODEL_ARCH.GPT2, config["n_layer"])
    with safe_open(folder / "model.safetensors", framework="numpy") as weights:
        for name in weights.keys():
            add_weight(writer, names, name, weights.get_tensor(name).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def describe(writer: GGUFWriter, config: dict) -> None:
    writer.add_block_count(config["n_layer"])
    writer.add_context_length(config["n_positions"])
    writer.add_embedding_length(config["n_embd"])
    writer.add_feed_forward_length(4 * config["n_embd"])
    writer.add_head_count(config["n_head"])
    writer.add_layer_norm_eps(config["layer_norm_epsilon"])
    writer.add_file_type(LlamaFileType.MOSTLY_Q4_0)


def add_tokenizer(writer: GGUFWriter, tokenizer: dict) -> None:
    added = {token["content"]: token["id"] for token in tokenizer["added_tokens"]}
    ids = {**tokenizer["model"]["vocab"], **added}
    tokens = sorted(ids, key=ids.get)
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in tokenizer["model"]["merges"]]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([TokenType.CONTROL if token in added else TokenType.NORMAL for token in tokens])
    writer.add_token_merges(merges)
    writer.add_bos_token_id(ids["<|endoftext|>"])
    writer.add_eos_token_id(ids["<|endoftext|>"])


def add_weight(writer: GGUFWriter, names, name: str, values: np.ndarray) -> None:
    stored = names.get_name(name, try_suffixes=(".weight", ".bias"))
    if values.ndim == 1 or name.endswith("wpe.weight"):
        writer.add_tensor(stored, values)
        return
    rows = np.ascontiguousarray(values.T) if TURNED.search(name) else values  # [outputs, inputs]
    blocks = quantize(rows, Q4_0)
    writer.add_tensor(stored, blocks, raw_dtype=Q4_0)
    if name.endswith("wte.weight"):
        writer.add_tensor("output.weight", blocks, raw_dtype=Q4_0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
