"""What every answer tells the browser: our own files only, no frames, no guessing of types."""

from flask import Flask, Response, request

# No inline script or style anywhere: what an attacker smuggles into a text stays text.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# Libraries that draw diagrams and tables write style attributes into what they show. Style sheets and scripts stay
# as strict as elsewhere.
DRAWING_POLICY = f"{POLICY}; style-src-attr 'unsafe-inline'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
YEAR_SECONDS = 365 * 24 * 3600


def install_headers(app: Flask, *, is_secure: bool) -> None:
    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if is_secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_SECONDS}")
        if request.endpoint == "static":
            # Built files carry a digest in their names, so they never change.
            if request.path.startswith("/static/build/") and not request.path.endswith(".txt"):
                response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
        else:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.after_request(add)
