"""The process that opens a PDF: under memory and time limits, it can die without harm.

Called by :mod:`nameplate.documents.pdf` as ``python -m``; writes JSON lines on standard output:
first ``{"pages": …}``, then ``{"page": 1, "text": …}`` each, or ``{"error": …}``.
"""

from __future__ import annotations

import json
import resource
import sys


def _send(frame: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(frame) + "\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Read the PDF named first; second and third: memory in bytes, processor time in seconds."""
    path, memory, seconds, most = (
        arguments[0],
        int(arguments[1]),
        int(arguments[2]),
        int(arguments[3]),
    )
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        text = str(error).lower()
        _send(
            {"error": "encrypted" if "password" in text else "malformed", "text": str(error)[:120]}
        )
        return 0
    count = len(document)
    extras = {"scripts": 0, "attachments": 0}
    try:
        extras["scripts"] = max(0, raw.FPDFDoc_GetJavaScriptActionCount(document.raw))
        extras["attachments"] = max(0, raw.FPDFDoc_GetAttachmentCount(document.raw))
    except (AttributeError, OSError):
        pass
    _send({"pages": count, **extras})
    for number in range(min(count, most)):
        try:
            page = document[number]
            layer = page.get_textpage()
            text = layer.get_text_range() if layer.count_chars() else ""
            images = 0
            if not text.strip():
                images = sum(
                    1 for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=2)
                )
            layer.close()
            page.close()
            _send({"page": number + 1, "text": text, "images": images})
        except (pypdfium2.PdfiumError, UnicodeDecodeError, ValueError) as error:
            _send({"page": number + 1, "text": "", "broken": str(error)[:120]})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
