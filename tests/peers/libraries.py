"""The question's network in PyTorch, JAX and scikit-learn, each written as its users write it.

Every function takes the same problem, in this book's shapes, and returns what the library answers
in the library's own shapes. None of them knows a derivative.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import numpy as np
import sklearn
import torch
from sklearn.neural_network import MLPClassifier

from mlp_lib import Parameters, initialise

D_X, H, D_Y, N = 4, 5, 3, 7

jax.config.update("jax_enable_x64", True)  # its default is float32


class Problem(NamedTuple):
    """Parameters, N inputs and N class indices."""

    parameters: Parameters
    x: np.ndarray
    labels: np.ndarray


class Answer(NamedTuple):
    """What one library says: its loss and its gradients, under the book's names."""

    library: str
    version: str
    setting: str
    loss: float
    gradients: dict[str, np.ndarray]


def problem() -> Problem:
    """Return the problem that is stored and solved: no size twice, every class among the labels."""
    rng = np.random.default_rng(0)
    parameters = initialise(rng, D_X, H, D_Y)
    return Problem(parameters, rng.normal(size=(N, D_X)), rng.integers(D_Y, size=N))


def pytorch(given: Problem, reduction: str = "mean") -> Answer:
    """Solve it with nn.Linear, whose weights are (outputs, inputs), and cross_entropy of logits."""
    (W1, b1, W2, b2), x, labels = given
    hidden, output = torch.nn.Linear(D_X, H).double(), torch.nn.Linear(H, D_Y).double()
    with torch.no_grad():
        hidden.weight.copy_(torch.tensor(W1.T))
        hidden.bias.copy_(torch.tensor(b1))
        output.weight.copy_(torch.tensor(W2.T))
        output.bias.copy_(torch.tensor(b2))
    inputs = torch.tensor(x, requires_grad=True)
    logits = output(torch.sigmoid(hidden(inputs)))
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(labels), reduction=reduction)
    loss.backward()
    gradients = {
        "dJ_dW1": hidden.weight.grad,
        "dJ_db1": hidden.bias.grad,
        "dJ_dW2": output.weight.grad,
        "dJ_db2": output.bias.grad,
        "dJ_dx": inputs.grad,
    }
    arrays = {name: gradient.numpy() for name, gradient in gradients.items()}
    version = torch.__version__.partition("+")[0]
    return Answer("PyTorch", version, f"reduction={reduction}", loss.item(), arrays)


def jax_(given: Problem) -> Answer:
    """Solve it with jax.grad of a function that is written in the book's own shapes."""
    parameters, x, labels = given

    def loss(parameters: Parameters, x: jax.Array) -> jax.Array:
        W1, b1, W2, b2 = parameters
        z2 = jax.nn.sigmoid(x @ W1 + b1) @ W2 + b2
        return -(jax.nn.one_hot(labels, D_Y) * jax.nn.log_softmax(z2)).sum(axis=1).mean()

    value, (of_parameters, of_x) = jax.value_and_grad(loss, argnums=(0, 1))(parameters, x)
    gradients = {f"dJ_d{name}": grad for name, grad in of_parameters._asdict().items()}
    arrays = {name: np.asarray(grad) for name, grad in (gradients | {"dJ_dx": of_x}).items()}
    return Answer("JAX", jax.__version__, "mean", float(value), arrays)


def scikit_learn(given: Problem, alpha: float = 0.0) -> Answer:
    """Solve it with MLPClassifier: one step of rate 1 subtracts the gradient from the weights."""
    (W1, b1, W2, b2), x, labels = given
    model = MLPClassifier(
        (H,), activation="logistic", solver="sgd", alpha=alpha, batch_size=N, learning_rate_init=1,
        momentum=0, nesterovs_momentum=False, shuffle=False, random_state=0,
    )  # fmt: skip
    model.partial_fit(x, labels, classes=range(D_Y))  # draws weights of its own
    stored = dict(zip(("W1", "W2", "b1", "b2"), model.coefs_ + model.intercepts_, strict=True))
    before = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    for name, value in before.items():
        stored[name][...] = value
    model.partial_fit(x, labels)
    gradients = {f"dJ_d{name}": value - stored[name] for name, value in before.items()}
    return Answer("scikit-learn", sklearn.__version__, f"alpha={alpha:g}", model.loss_, gradients)


def answers(given: Problem) -> list[Answer]:
    """Return what every library says, with its defaults and with one other setting."""
    return [
        pytorch(given),
        pytorch(given, reduction="sum"),
        jax_(given),
        scikit_learn(given),
        scikit_learn(given, alpha=0.5),
    ]


def first_layer_tensors(given: Problem) -> dict[str, np.ndarray]:
    """Return ∂z1/∂W1 of the first example, in each library's own order of axes."""
    (W1, b1, _, _), x, _ = given
    row = x[0]

    def in_torch(weight: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.linear(torch.tensor(row), weight, torch.tensor(b1))

    jacobian: Callable[..., Any] = torch.autograd.functional.jacobian
    return {
        "PyTorch": jacobian(in_torch, torch.tensor(W1.T)).numpy(),
        "JAX": np.asarray(jax.jacobian(lambda W1: row @ W1 + b1)(W1)),
    }
