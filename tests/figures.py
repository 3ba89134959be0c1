"""Reading the page of figures as Prometheus does."""

from dataclasses import dataclass
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families


@dataclass
class Page:
    """What the page said."""

    text: str

    def value(self, name: str, **labels: str) -> float | None:
        """Return the sum of what has that name and these labels; None if nothing has."""
        found = [
            sample.value
            for family in text_string_to_metric_families(self.text)
            for sample in family.samples
            if sample.name == f"microblog_{name}" and labels.items() <= sample.labels.items()
        ]
        return sum(found) if found else None


def read(address: str) -> Page:
    """Fetch the figures from an address such as 127.0.0.1:9191."""
    with urlopen(f"http://{address}/metrics", timeout=20) as answer:
        return Page(answer.read().decode())
