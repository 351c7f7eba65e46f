"""Takes bundles apart and puts them together again, as somebody who tampers would."""

import hashlib
import io
import json
import zipfile


def unpacked(data):
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def relisted(files):
    """The same files with all hashes in the listings made to agree, as a forger would do."""
    files = dict(files)
    manifest = json.loads(files["evidence/manifest.json"])
    for each in manifest["parts"]:
        each["sha256"], each["bytes"] = sha256(files[each["path"]]), len(files[each["path"]])
    manifest["decision_sha256"] = sha256(files["evidence/decision.json"])
    files["evidence/manifest.json"] = json.dumps(manifest).encode()
    package = json.loads(files["datapackage.json"])
    for each in package["resources"]:
        each["hash"] = f"sha256:{sha256(files[each['path']])}"
        each["bytes"] = len(files[each["path"]])
    files["datapackage.json"] = json.dumps(package).encode()
    digest = {"path": "datapackage.json", "hash": f"sha256:{sha256(files['datapackage.json'])}"}
    files["datapackage-digest.json"] = json.dumps(digest).encode()
    return files


def sha256(data):
    return hashlib.sha256(data).hexdigest()
