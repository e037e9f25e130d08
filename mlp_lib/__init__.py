"""Backpropagation through one hidden layer, one Jacobian at a time, with every shape kept."""

from mlp_lib.gradient_check import assert_jacobian, assert_same, numerical_jacobian, row_layout
from mlp_lib.network import (
    Forward,
    Gradients,
    Parameters,
    cross_entropy,
    forward,
    gradients,
    initialise,
    log_softmax,
    loss,
    one_hot,
    sigmoid,
    softmax,
)

__all__ = [
    "Forward",
    "Gradients",
    "Parameters",
    "assert_jacobian",
    "assert_same",
    "cross_entropy",
    "forward",
    "gradients",
    "initialise",
    "log_softmax",
    "loss",
    "numerical_jacobian",
    "one_hot",
    "row_layout",
    "sigmoid",
    "softmax",
]
