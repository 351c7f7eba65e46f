"""Takes bundles apart and puts them together again, as somebody who tampers would."""

import hashlib
import io
import json
import zipfile

from consent.open_data.evidence.members import json_part
from consent.open_data.stamps.chain import canonical_json

MANIFEST, PACKAGE = "evidence/manifest.json", "datapackage.json"
DIGEST = "datapackage-digest.json"


def unpacked(data):
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def written(path, value):
    """A value as a file of a bundle: records in their canonical form, others indented."""
    is_record = path.startswith("records/") or path == "evidence/entry.json"
    return canonical_json(value) if is_record else json_part(path, value, "").data


def edit(files, path, change):
    """Let a function change the value in a JSON file. It may return another one."""
    value = json.loads(files[path])
    returned = change(value)
    files[path] = written(path, value if returned is None else returned)


def relisted(files, *, forged=None):
    """The same files with all hashes in the listings made to agree, as a forger would do.

    forged: a listing that the forger changed; it stays as it is, and those below it follow.
    """
    files = dict(files)
    below = {None: 0, MANIFEST: 1, PACKAGE: 2, DIGEST: 3}.get(forged, 0)
    parts = [path for path in files if path not in (MANIFEST, PACKAGE, DIGEST)]
    if below < 1:
        files[MANIFEST] = _listed(files, MANIFEST, "parts", parts, "")
    if below < 2:
        files[PACKAGE] = _listed(files, PACKAGE, "resources", [*parts, MANIFEST], "sha256:")
    if below < 3:
        digest = {"path": PACKAGE, "hash": f"sha256:{sha256(files[PACKAGE])}"}
        files[DIGEST] = written(DIGEST, digest)
    return files


def _listed(files, listing, name, paths, prefix):
    value = json.loads(files[listing])
    hash_name = "hash" if prefix else "sha256"
    listed = {each["path"]: each for each in value[name]}
    for path in paths:
        each = listed.setdefault(path, {"path": path})
        each |= {hash_name: prefix + sha256(files[path]), "bytes": len(files[path])}
    value[name] = [each for path, each in listed.items() if path in paths]
    return written(listing, value)


def sha256(data):
    return hashlib.sha256(data).hexdigest()
