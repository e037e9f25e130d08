"""The settings in which an attempt is judged."""

from functools import cached_property

import pytest

from mlp_lib.equations import diagnose
from mlp_lib.equations.setting import Network, Setting, setting


@pytest.mark.parametrize("loss", ["sum", "mean"])
def test_every_network_of_a_setting_has_its_ones_as_a_column(loss):
    where = setting("batch", loss).but(column_of_ones=True)
    assert (where.setup, where.loss, where.labels) == ("batch", loss, "sum to 1")
    names = [name for name, each in vars(Setting).items() if isinstance(each, cached_property)]
    made = {name: getattr(where, name) for name in names}
    networks = {
        name: value for name, value in made.items()
        if isinstance(value, tuple) and isinstance(value[0], Network)
    }  # fmt: skip
    assert {"ordinary", "varied", "extreme"} <= networks.keys()
    for each in (network for value in networks.values() for network in value):
        assert each.column_of_ones
        assert each.numpy.symbols[r"\mathbf{1}"].shape == (each.point.sizes["N"], 1)
    assert not any(each.column_of_ones for each in setting("batch", loss).ordinary)


def test_a_setting_is_made_once():
    where = setting("batch", "mean")
    assert where.but(loss="mean") is where
    assert where.but(column_of_ones=True) is where.but(column_of_ones=True)


@pytest.mark.parametrize(
    ("error", "verdict"), [(r"\hat y - y", "right"), (r"y - \hat y", "sign")]
)
def test_a_column_of_ones_goes_with_a_1_over_N_of_a_later_line(error, verdict):
    lines = rf"dz_2 = {error} \\ db_2 = \frac{{1}}{{N}} \mathbf{{1}}^T dz_2"
    found = diagnose(lines, "dJ_db2", setup="batch", loss="mean", suggest=False)
    assert found.verdict == verdict
    if verdict == "right":
        assert "column of ones" in found.remark
