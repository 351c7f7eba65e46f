import hashlib

from hypothesis import given
from hypothesis import strategies as st

from consent.open_data.stamps.merkle import leaf_hash, paths_of, root_from_path, root_of

#: Inputs and roots of the test vectors of Certificate Transparency, which has the same tree.
INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_roots_are_those_of_certificate_transparency():
    leaves = [leaf_hash(bytes.fromhex(each)) for each in INPUTS]
    assert [root_of(leaves[:size]).hex() for size in range(1, 9)] == ROOTS
    assert root_of([]) == hashlib.sha256(b"").digest()


@given(st.lists(st.binary(max_size=3), min_size=1, max_size=40))
def test_every_leaf_leads_to_the_root_and_no_other_leaf_or_place_does(records):
    leaves = [leaf_hash(record) for record in records]
    root, size = root_of(leaves), len(leaves)
    for index, path in enumerate(paths_of(leaves, range(size))):
        assert root_from_path(leaves[index], index=index, size=size, path=path) == root
        other = leaf_hash(b"another record")
        assert root_from_path(other, index=index, size=size, path=path) != root
        assert root_from_path(leaves[index], index=index, size=size, path=[*path, root]) is None
        assert root_from_path(leaves[index], index=size, size=size, path=path) is None
        if path:
            assert root_from_path(leaves[index], index=index, size=size, path=path[:-1]) != root
