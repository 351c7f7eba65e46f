"""Mail addresses that Cloudflare hides from robots with another key at each visit."""

from selectolax.lexbor import LexborHTMLParser

SIGN = b"data-cfemail"


def show_hidden_addresses(tree: LexborHTMLParser) -> None:
    """Replace "[email protected]" by the address that a browser shows."""
    for node in tree.css("[data-cfemail]"):
        if address := _decoded(node.attributes.get("data-cfemail") or ""):
            node.replace_with(address)


def _decoded(hidden: str) -> str:
    """Return an address from its hexadecimal form; "" if it is none.

    The first byte is the key with which all others were combined by exclusive or.
    """
    try:
        key, *letters = bytes.fromhex(hidden)
        return bytes(letter ^ key for letter in letters).decode()
    except ValueError:
        return ""
