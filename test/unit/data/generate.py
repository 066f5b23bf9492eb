"""Writes fixtures/*.parquet, as pyarrow writes them. Made with pyarrow 26.0.1."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

texts = ["eins", "zwei – äöü", None, "drei", "vier", "fünf", "sechs", "sieben"]
messages = [
    [{"role": "user", "content": f"q{i}"}, {"role": "assistant", "content": f"a{i}"}] for i in range(len(texts))
]
table = pa.table(
    {
        "text": pa.array(texts),
        "label": pa.array([1, 0, 1, 0, 1, 0, 1, 0], pa.int64()),
        "messages": pa.array(messages),
        "big": pa.array([2**53 + 1 + i if i else 2**53 + 2 for i in range(len(texts))], pa.int64()),
    }
)
for compression in ["snappy", "gzip", "zstd", "none"]:
    pq.write_table(table, Path(__file__).parent / "fixtures" / f"{compression}.parquet", compression=compression, row_group_size=3)
