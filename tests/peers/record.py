"""`python -m tests.peers.record` asks each library and stores the answers for chapter and tests.

It needs what requirements-peers.txt names; `make peers` installs that.
"""

import json
import re
from pathlib import Path

from tests.peers.libraries import answers, first_layer_tensors, problem

STORED = Path(__file__).parents[2] / "chapters" / "peers.json"


def main() -> None:
    """Write the problem and the answers, numbers in full, arrays as lists."""
    given = problem()
    document = {
        "problem": {
            **{name: value.tolist() for name, value in given.parameters._asdict().items()},
            "x": given.x.tolist(),
            "labels": given.labels.tolist(),
        },
        "answers": [
            answer._asdict()
            | {"gradients": {name: grad.tolist() for name, grad in answer.gradients.items()}}
            for answer in answers(given)
        ],
        "dz1_dW1": {name: tensor.tolist() for name, tensor in first_layer_tensors(given).items()},
    }
    STORED.write_text(text_of(document), encoding="utf-8")


def text_of(document: dict) -> str:
    """Return JSON with a line for each row of numbers."""
    text = json.dumps(document, indent=1, ensure_ascii=False)
    return re.sub(r"\[[^][{}]*\]", lambda row: " ".join(row[0].split()), text) + "\n"


if __name__ == "__main__":
    main()
