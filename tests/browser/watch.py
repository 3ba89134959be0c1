"""What goes wrong on a page without anybody seeing it."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

# Chromium says this of every answer of 400 and above; those are noted with their address instead.
STATUS_LINE = "Failed to load resource: the server responded with a status of"


class Watch:
    """Collects errors in the console and in scripts, violations of the policy, requests that fail
    or are refused, and requests that leave this machine.
    """

    def __init__(self, site_url: str) -> None:
        self.host = urlsplit(site_url).netloc
        self.problems: list[str] = []
        self.expected: list[int] = []
        self.forgiven: list[str] = []

    def expect(self, *statuses: int) -> None:
        """Let the next answer of each of these statuses pass."""
        self.expected += statuses

    def forgive(self, words: str) -> None:
        """Let requests pass that fail for this reason, and what the console says of it."""
        self.forgiven.append(words)

    def attach(self, context: BrowserContext) -> None:
        """Watch every page of a browser context."""
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)
        context.on("requestfailed", self._on_failure)
        context.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        is_known = message.text.startswith(STATUS_LINE) or self._is_forgiven(message.text)
        if message.type in {"error", "warning"} and not is_known:
            self.problems.append(f"console {message.type}: {message.text}")

    def _on_error(self, error: WebError) -> None:
        self.problems.append(f"script error: {error.error}")

    def _on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.host:
            self.problems.append(f"request elsewhere: {request.url}")

    def _on_failure(self, request: Request) -> None:
        # So Chromium reports the end of a fetch that was told not to follow where it is sent.
        left_alone = request.resource_type == "fetch" and request.redirected_from is not None
        # A picture, a card about somebody, or a look at how far a job is or how much is unread,
        # that was still on its way when the person went on to the next page; and so Chromium calls
        # a page that turned out to be a download.
        by_the_way = ("/static/", "/settings/jobs", "/popup", "/notifications/count")
        passed_by = request.failure == "net::ERR_ABORTED" and any(
            part in request.url for part in by_the_way
        )
        if not (left_alone or passed_by or self._is_forgiven(request.failure or "")):
            self.problems.append(f"request failed: {request.url} ({request.failure})")

    def _is_forgiven(self, reason: str) -> bool:
        return any(words in reason for words in self.forgiven)

    def _on_response(self, response: Response) -> None:
        if response.status < 400:
            return
        if response.status in self.expected:
            self.expected.remove(response.status)
        else:
            self.problems.append(f"answer {response.status}: {response.url}")
