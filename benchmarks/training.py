"""The time to a test accuracy: the same network, start, data, batches and steps, three times.

Each contestant is prepared with the number of epochs; a step of the measurement is a whole
training. The first step's summary is the accuracy on the test set.
"""

import os
import sys
from collections.abc import Callable

import numpy as np
from tqdm import tqdm

from benchmarks.turns import Group
from mlp_lib.digits import load_digits
from mlp_lib.network import Parameters, initialise
from mlp_lib.training import predict, train

H, BATCH, LEARNING_RATE, MOMENTUM = 64, 32, 0.1, 0.9
EPOCHS = (1, 2, 4, 8, 16, 32)
ROUNDS = 5


def start(dtype: str) -> Parameters:
    """Draw the parameters from which every contestant starts."""
    return initialise(np.random.default_rng(0), 64, H, 10, dtype)


def mlp_lib(dtype: str, epochs: int, progress: bool = False) -> Callable[[], np.ndarray]:
    """Prepare this library's own training; a run returns the test set's predictions."""
    training, test = load_digits(dtype)
    parameters = start(dtype)

    def run() -> np.ndarray:
        trained = train(
            parameters,
            training.x,
            training.y,
            epochs=epochs,
            batch_size=BATCH,
            learning_rate=LEARNING_RATE,
            momentum=MOMENTUM,
            rng=np.random.default_rng(1),
            watch={},
            progress=progress,
        )
        return predict(trained.parameters, test.x)

    return run


def with_progress_bar(dtype: str, epochs: int) -> Callable[[], np.ndarray]:
    """Prepare this library's training with its progress bar, drawn where nobody sees it."""
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115, the process ends with its contestant
    return mlp_lib(dtype, epochs, progress=True)


def scikit_learn(dtype: str, epochs: int) -> Callable[[], np.ndarray]:
    """Prepare MLPClassifier's fit, from the same parameters, without early stopping."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    warnings.simplefilter("ignore", ConvergenceWarning)  # it is told how many epochs to take
    training, test = load_digits(dtype)
    model = MLPClassifier(
        (H,),
        activation="logistic",
        solver="sgd",
        alpha=0.0,
        batch_size=BATCH,
        learning_rate_init=LEARNING_RATE,
        momentum=MOMENTUM,
        nesterovs_momentum=False,
        max_iter=epochs,
        n_iter_no_change=epochs + 1,
        random_state=1,
        warm_start=True,
    )
    model.partial_fit(training.x[:BATCH], training.labels[:BATCH], classes=np.arange(10))

    def run() -> np.ndarray:
        W1, b1, W2, b2 = start(dtype)
        model.coefs_, model.intercepts_ = [W1, W2], [b1, b2]
        model.n_iter_, model.t_ = 0, 0
        del model._optimizer
        model._no_improvement_count, model.best_loss_, model.loss_curve_ = 0, np.inf, []
        return model.fit(training.x, training.labels).predict(test.x)

    return run


def pytorch(dtype: str, epochs: int) -> Callable[[], np.ndarray]:
    """Prepare the usual loop: linear layers, cross-entropy, backward, torch.optim.SGD."""
    import torch

    training, test = load_digits(dtype)
    x, labels, x_test = map(torch.tensor, (training.x, training.labels, test.x))

    def run() -> np.ndarray:
        W1, b1, W2, b2 = map(torch.tensor, start(dtype))
        model = torch.nn.Sequential(
            torch.nn.Linear(64, H), torch.nn.Sigmoid(), torch.nn.Linear(H, 10)
        ).to(x.dtype)
        state = {"0.weight": W1.T, "0.bias": b1, "2.weight": W2.T, "2.bias": b2}
        model.load_state_dict(state)
        optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)
        torch.manual_seed(1)
        for _ in range(epochs):
            for rows in torch.randperm(len(x)).split(BATCH):
                optimizer.zero_grad()
                torch.nn.functional.cross_entropy(model(x[rows]), labels[rows]).backward()
                optimizer.step()
        with torch.no_grad():
            return model(x_test).argmax(dim=1).numpy()

    return run


CONTESTANTS = {
    "mlp_lib": mlp_lib,
    "mlp_lib, progress bar": with_progress_bar,
    "scikit-learn": scikit_learn,
    "PyTorch": pytorch,
}


def prepare(name: str, described: dict, threads: int) -> tuple[Callable[[], object], float]:
    """Prepare one contestant; return its run, and the test accuracy of a first one."""
    if name == "PyTorch":
        import torch

        torch.set_num_threads(threads)
    run = CONTESTANTS[name](described["dtype"], described["epochs"])
    _, test = load_digits(described["dtype"])
    return run, float((run() == test.labels).mean())


def measure() -> list[dict]:
    """Measure each dtype and number of epochs on one thread, the contestants in turn."""
    cases = [{"dtype": dtype, "epochs": n} for dtype in ("float32", "float64") for n in EPOCHS]
    with Group("benchmarks.training", list(CONTESTANTS), 1) as group:
        return [measure_case(group, case) for case in tqdm(cases, desc="training", unit="case")]


def measure_case(group: Group, case: dict) -> dict:
    """Measure one case: the test accuracy and the seconds of each round."""
    accuracy = {name: group.prepare(name, case) for name in CONTESTANTS}
    seconds = {name: [] for name in CONTESTANTS}
    for _ in range(ROUNDS):
        for name in CONTESTANTS:
            seconds[name].append(group.measure(name, 1))
    return {**case, "accuracy": accuracy, "seconds": seconds}
