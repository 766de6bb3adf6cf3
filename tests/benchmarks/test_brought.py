"""Uploaded files: memory with many concurrent uploads, and UMAP a second time."""

import numpy as np
import pytest

from benchmarks.brought import FEW, lay_out, npy, upload_together
from benchmarks.served import served


@pytest.mark.long
def test_concurrent_uploads_are_kept_and_leave_little_memory_behind(tiny_model):
    with served(tiny_model.path) as server:
        found = upload_together(server, 8, 4000, tiny_model.config.latent_size)
    assert found.kept == 8
    mb = 8 * 4000 * tiny_model.config.latent_size * 4 / 1e6
    assert found.peak - found.before < 4 * mb + 150
    assert found.after - found.before < mb + 100


@pytest.mark.long
@pytest.mark.timeout(400)
def test_umap_of_few_rows_takes_no_time_once_it_is_compiled(tiny_model):
    with served(tiny_model.path) as server:
        rows = npy(np.random.default_rng(1).standard_normal((FEW, tiny_model.config.latent_size)))
        space = server.post("/latent-space/sets?name=Few", rows)["space"]
        lay_out(server, space, 0)
        assert lay_out(server, space, 1) < 3
