"""The commands by which somebody checks a bundle without our program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from consent.open_data.evidence import members
from platforms.archive.warc import WrittenRecord

if TYPE_CHECKING:
    from consent.open_data.evidence.contents import Contents, Proof

#: Also on /evidence, since whoever forges a bundle can forge its commands.
FUNCTIONS = r"""# Checks this bundle without the program that made it.
# Needs bash, sha256sum, gzip and openssl.
# Read it first, for a forger can write commands too. /evidence on our site has the same functions.
#
#     unzip FILE -d bundle; cd bundle; bash evidence/commands.txt AUTHORITY.pem
#
# AUTHORITY.pem: the root certificates that you got from the time-stamp authority itself.
fault() { echo "FAULT $1"; exit 1; }
hash() { sha256sum | cut -c -64; }
leaf() { { printf '\0'; cat "$1"; } | hash; }
node() { printf "$(printf '01%s%s' "$1" "$2" | sed 's/../\\x&/g')" | hash; }
header() { sed -n "$1p" stamps/chain.jsonl | tr -d '\n'; }
# names FILE NAME VALUE: the record FILE has this value under this name.
names() { grep -qF "\"$2\":\"$3\"" "$1" || fault "$1 has another $2 than $3"; }
# cites HASH FILE: the entry names the record FILE by its leaf hash.
cites() { grep -qF "\"$1\"" evidence/entry.json || fault "the entry does not name $2"; }
# under HASH LINE FILE: the path of the record FILE leads to the root in this line of the chain.
under() { header "$2" | grep -qF "\"root\":\"$1\"" || fault "$3 is not under its daily root"; }
# part OFFSET LENGTH BYTES: the body of the response at this place in the WARC file.
part() { member "$1" "$2" | gunzip | tail -c "$(($3 + 4))" | head -c "$3"; }
member() { tail -c "+$1" archive/snapshots.warc.gz | head -c "$2"; }
"""


def commands(contents: Contents, written: Sequence[WrittenRecord]) -> str:
    lines = [FUNCTIONS, *_records(contents), *_bodies(contents, written), *_chain(contents)]
    return "\n".join([*lines, 'echo "no fault"', ""])


def _records(contents: Contents) -> Iterator[str]:
    """Each record is named by the entry or by what it names, and leads to a daily root."""
    line_of = {header.number: n for n, header in enumerate(contents.stamps.headers, start=1)}
    for path in contents.records:
        yield f"# {path}"
        if path.startswith("records/text-"):
            for snapshot in contents.of_kind("snapshot"):
                if path in contents.texts_of(snapshot):
                    yield f'names {path} snapshot "$(leaf {snapshot})"'
        elif path != members.ENTRY_PATH:
            yield f'cites "$(leaf {path})" {path}'
        proof = contents.stamps.proofs.get(path)
        if proof is None:
            yield f'echo "NOT PROVED {path} is in no daily root yet"'
            continue
        yield f"h=$(leaf {path})"
        size = contents.stamps.headers[line_of[proof.header] - 1].size
        yield from _path(proof, size)
        yield f'under "$h" {line_of[proof.header]} {path}'


def _path(proof: Proof, size: int) -> Iterator[str]:
    """The steps of RFC 9162, section 2.1.3.2."""
    at, last = proof.index, size - 1
    for sibling in proof.path:
        if at & 1 or at == last:
            yield f'h=$(node {sibling} "$h")'
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            yield f'h=$(node "$h" {sibling})'
        at, last = at >> 1, last >> 1


def _bodies(contents: Contents, written: Sequence[WrittenRecord]) -> Iterator[str]:
    """The bytes and texts have the SHA-256 that their records have."""
    place = {id(record.page): record for record in written}
    for path in contents.of_kind("snapshot"):
        pages = contents.received.get(path, ())
        if len(pages) > 1:
            yield f'echo "NOT CHECKED {path} has {len(pages)} addresses, hashed together"'
        elif pages and (at := place.get(id(pages[0]))):
            body = f"part {at.offset + 1} {at.length} {len(pages[0].body)}"
            yield f'names {path} sha256 "$({body} | hash)"'
    for record in contents.texts:
        path = record.replace("records/", "texts/").replace(".json", ".md")
        yield f'names {record} sha256 "$(hash < {path})"'
        for at in written:
            if at.page.status is None and at.page.url.endswith(f"/evidence.wacz/{path}"):
                body = f"part {at.offset + 1} {at.length} {len(at.page.body)}"
                yield f'names {record} sha256 "$({body} | hash)"'


def _chain(contents: Contents) -> Iterator[str]:
    """Each header names the one before, and the authority stamped a header."""
    headers, responses = contents.stamps.headers, contents.stamps.responses
    for line in range(2, len(headers) + 1):
        yield (
            f'header {line} | grep -qF "\\"previous\\":\\"$(header {line - 1} | hash)\\"" '
            f'|| fault "line {line} of the chain does not follow"'
        )
    for line, header in enumerate(headers, start=1):
        if header.number in responses:
            yield (
                f'openssl ts -verify -digest "$(header {line} | hash)" '
                f'-in {members.stamp_path(header.number)} -CAfile "$1" '
                f'|| fault "no valid stamp on root {header.number}"'
            )
    if not headers or headers[-1].number not in responses:
        yield 'echo "NOT PROVED the last daily root has no time stamp yet"'
