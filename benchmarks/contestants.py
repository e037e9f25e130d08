"""Six ways to "J and its gradients by the four parameters", each as a function without arguments.

Each takes parameters, x (N, D_x), one-hot y (N, D_y), all of one dtype, prepares what it may keep
between two steps, and returns the step. A step returns J and the gradients in the order W1, b1,
W2, b2; "products" returns None, because it computes no gradient: it is the limit.
"""

from collections.abc import Callable

import numpy as np

from mlp_lib.arguments import Array
from mlp_lib.network import Parameters
from mlp_lib.workspace import Workspace

Step = Callable[[], object]


def products(parameters: Parameters, x: Array, y: Array) -> Step:
    """Prepare the five matrix products of the step alone, into arrays that are there already."""
    W1, _, W2, _ = parameters
    z1, z2 = x @ W1, y.copy()
    h, dJ_dz1, dJ_dz2 = z1.copy(), z1.copy(), z2.copy()
    dJ_dW1, dJ_dW2 = np.empty_like(W1), np.empty_like(W2)

    def step() -> None:
        np.dot(x, W1, out=z1)
        np.dot(h, W2, out=z2)
        np.dot(h.T, dJ_dz2, out=dJ_dW2)
        np.dot(dJ_dz2, W2.T, out=dJ_dz1)
        np.dot(x.T, dJ_dz1, out=dJ_dW1)

    return step


def workspace(parameters: Parameters, x: Array, y: Array) -> Step:
    """Prepare mlp_lib's workspace."""
    D_x, H = parameters.W1.shape
    space = Workspace(len(x), D_x, H, y.shape[1], x.dtype)
    return lambda: space.loss_and_gradients(parameters, x, y)


def textbook(parameters: Parameters, x: Array, y: Array) -> Step:
    """Prepare the formulas as textbooks write them in NumPy."""
    W1, b1, W2, b2 = parameters
    N = len(x)

    def step() -> tuple:
        z1 = np.dot(x, W1) + b1
        h = 1 / (1 + np.exp(-z1))
        z2 = np.dot(h, W2) + b2
        e = np.exp(z2 - np.max(z2, axis=1, keepdims=True))
        yhat = e / np.sum(e, axis=1, keepdims=True)
        J = -np.sum(y * np.log(yhat)) / N
        dz2 = (yhat - y) / N
        dW2 = np.dot(h.T, dz2)
        db2 = np.sum(dz2, axis=0)
        dz1 = np.dot(dz2, W2.T) * h * (1 - h)
        dW1 = np.dot(x.T, dz1)
        db1 = np.sum(dz1, axis=0)
        return J, (dW1, db1, dW2, db2)

    return step


def scikit_learn(parameters: Parameters, x: Array, y: Array) -> Step:
    """Prepare MLPClassifier's own gradient, which its solvers call for each minibatch."""
    from sklearn.neural_network import MLPClassifier

    W1, b1, W2, b2 = parameters
    H = len(b1)
    model = MLPClassifier((H,), activation="logistic", solver="sgd", alpha=0.0)
    model.n_layers_, model.n_outputs_, model.out_activation_ = 3, y.shape[1], "softmax"
    model.coefs_, model.intercepts_ = [W1, W2], [b1, b2]
    activations, deltas = [x, None, None], [None, None]
    by_weights = [np.empty_like(W1), np.empty_like(W2)]
    by_biases = [np.empty_like(b1), np.empty_like(b2)]

    def step() -> tuple:
        J, dW, db = model._backprop(x, y, None, activations, deltas, by_weights, by_biases)
        return J, (dW[0], db[0], dW[1], db[1])

    return step


def pytorch(parameters: Parameters, x: Array, y: Array) -> Step:
    """Prepare eager PyTorch: fused layers, cross-entropy by class index, autograd."""
    import torch

    leaves = [torch.tensor(array, requires_grad=True) for array in parameters]
    inputs, classes = torch.tensor(x), torch.tensor(y.argmax(axis=1))
    W1, b1, W2, b2 = leaves

    def step() -> tuple:
        h = torch.sigmoid(torch.addmm(b1, inputs, W1))
        J = torch.nn.functional.cross_entropy(torch.addmm(b2, h, W2), classes)
        return J.detach(), torch.autograd.grad(J, leaves)

    return step


def jax_jit(parameters: Parameters, x: Array, y: Array) -> Step:
    """Prepare JAX's value_and_grad, compiled; a step ends when its results are there."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", x.dtype == np.float64)

    def J(parameters: tuple, x: Array, y: Array) -> Array:
        W1, b1, W2, b2 = parameters
        h = jax.nn.sigmoid(x @ W1 + b1)
        return -(y * jax.nn.log_softmax(h @ W2 + b2)).sum() / len(x)

    compiled = jax.jit(jax.value_and_grad(J))
    on_device = tuple(map(jnp.asarray, parameters)), jnp.asarray(x), jnp.asarray(y)
    return lambda: jax.block_until_ready(compiled(*on_device))


CONTESTANTS = {
    "products": products,
    "workspace": workspace,
    "textbook": textbook,
    "scikit-learn": scikit_learn,
    "PyTorch": pytorch,
    "JAX": jax_jit,
}
