"""The tree of RFC 6962: published roots, proofs against a definition written anew here, and no forged proof passes."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.merkle import (
    Frontier,
    consistency_proof,
    extends,
    includes,
    inclusion_proof,
    leaf_hash,
    root_hash,
)

INPUTS = (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)  # fmt: skip
PUBLISHED = (  # roots of the first n inputs: the reference vectors of the certificate-transparency project
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
LEAVES = [leaf_hash(bytes.fromhex(each)) for each in INPUTS]
SIZES = st.integers(1, 70)


def defined(contents: list[bytes]) -> bytes:
    """MTH as section 2.1 words it, on contents and by recursion."""
    if len(contents) < 2:
        return sha256(b"\x00" + contents[0]).digest() if contents else sha256(b"").digest()
    split = max(1 << n for n in range(8) if 1 << n < len(contents))
    return sha256(b"\x01" + defined(contents[:split]) + defined(contents[split:])).digest()


def contents(size: int) -> list[bytes]:
    return [f"leaf {n}".encode() for n in range(size)]


def tree(size: int) -> list[bytes]:
    return [leaf_hash(each) for each in contents(size)]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert root_hash(LEAVES[:size]).hex() == PUBLISHED[size]


@given(SIZES)
def test_root_is_as_the_standard_defines_it(size: int) -> None:
    assert root_hash(tree(size)) == defined(contents(size))


def test_frontier_grows_as_the_tree_does() -> None:
    grown = Frontier()
    for n, leaf in enumerate(tree(70), 1):
        grown = grown.grown(leaf)
        assert (grown.size, grown.root) == (n, root_hash(tree(n)))


@given(SIZES, st.data())
def test_every_leaf_is_proven_to_stand_in_its_place_and_in_no_other(size: int, data: st.DataObject) -> None:
    leaves, index = tree(size), data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size).filter(lambda each: each != index))
    root, proof = root_hash(leaves), inclusion_proof(leaves, index)
    assert includes(root, size, index, leaves[index], proof)
    assert not includes(root, size, other, leaves[index], proof)
    assert not includes(root, size, index, leaf_hash(b"another"), proof)


@given(SIZES, st.data())
def test_forged_inclusion_proof_passes_nowhere(size: int, data: st.DataObject) -> None:
    leaves, index = tree(size), data.draw(st.integers(0, size - 1))
    proof = list(inclusion_proof(leaves, index))
    assert not includes(root_hash(leaves), size, index, leaves[index], [*proof, b"\0" * 32])
    for at in range(len(proof)):
        bent = [*proof[:at], bytes([proof[at][0] ^ 1]) + proof[at][1:], *proof[at + 1 :]]
        assert not includes(root_hash(leaves), size, index, leaves[index], bent)


@given(SIZES, st.data())
def test_later_tree_is_proven_to_hold_the_earlier_one(size: int, data: st.DataObject) -> None:
    leaves, older = tree(size), data.draw(st.integers(1, size))
    before, after = (older, root_hash(leaves[:older])), (size, root_hash(leaves))
    proof = consistency_proof(leaves, older)
    assert extends(before, after, proof)
    assert not extends((older, b"\1" * 32), after, proof)
    assert not extends(before, (size, b"\1" * 32), proof)
    assert not extends(before, after, [*proof, b"\0" * 32])


@given(st.integers(2, 70), st.data())
def test_rewritten_history_extends_nothing(size: int, data: st.DataObject) -> None:
    older = data.draw(st.integers(1, size - 1))
    at = data.draw(st.integers(0, older - 1))
    rewritten = tree(size)
    rewritten[at] = leaf_hash(b"rewritten")
    before = (older, root_hash(tree(size)[:older]))
    assert not extends(before, (size, root_hash(rewritten)), consistency_proof(rewritten, older))


def test_proofs_of_what_is_not_there_are_not_made() -> None:
    with pytest.raises(ValueError, match="leaf 3"):
        inclusion_proof(tree(3), 3)
    with pytest.raises(ValueError, match="size 4"):
        consistency_proof(tree(3), 4)
