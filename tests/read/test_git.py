"""The index and commits are read through git alone, and nothing of the repository is run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from mldebt.errors import GitError, Unreadable
from mldebt.read.git import commit_tree, default_branch, find_root, index_tree, merge_base, resolve, run
from mldebt.read.tree import Entry, Tree, blob_digest, unfit
from mldebt.read.worktree import WorkTree

Git = Callable[..., str]
NAMES = ("plain.py", "with space.py", "größe/naïve.py", "日本/語.py", "a\tb.py", "new\nline.py", '"quoted".py')


def commit(git: Git, root: Path, message: str = "one") -> str:
    git(root, "add", "-A")
    git(root, "commit", "-qm", message)
    return git(root, "rev-parse", "HEAD")


def write(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def contents(tree: Tree) -> dict[str, bytes]:
    return {entry.path: tree.read(entry) for entry in tree.entries()[0]}


def test_work_tree_index_and_commit_hold_the_same_files_when_nothing_is_changed(repo: Path, git: Git) -> None:
    for name in NAMES:
        write(repo, name, f"# {name!r}\n")
    write(repo, "empty.py", "")
    head = commit(git, repo)
    trees: list[Tree] = [WorkTree(repo), index_tree(repo), commit_tree(repo, "HEAD")]
    assert [contents(tree) for tree in trees] == [contents(trees[0])] * 3
    assert set(contents(trees[0])) == {*NAMES, "empty.py"}
    assert [tree.commit() for tree in trees] == [head] * 3
    for entry in trees[1].entries()[0]:
        data = trees[1].read(entry)
        assert (entry.size, entry.digest) == (len(data), blob_digest(data))


def test_the_index_is_what_is_staged_and_the_commit_what_was(repo: Path, git: Git) -> None:
    file = write(repo, "a.py", "committed\n")
    commit(git, repo)
    file.write_text("staged\n")
    write(repo, "new.py", "new\n")
    git(repo, "add", "-A")
    file.write_text("on disk\n")
    assert contents(commit_tree(repo, "HEAD")) == {"a.py": b"committed\n"}
    assert contents(index_tree(repo)) == {"a.py": b"staged\n", "new.py": b"new\n"}
    assert contents(WorkTree(repo)) == {"a.py": b"on disk\n", "new.py": b"new\n"}


def test_a_tree_is_listed_once(repo: Path, git: Git) -> None:
    write(repo, "a.py", "x = 1\n")
    git(repo, "add", "-A")
    tree = index_tree(repo)
    write(repo, "b.py", "x = 1\n")
    git(repo, "add", "-A")
    assert tree.entries()[0] == tree.entries()[0] and len(tree.entries()[0]) == 1


def test_a_partial_commit_shows_its_hook_only_what_it_commits(repo: Path, git: Git) -> None:
    """`git commit FILE` makes an index of its own and tells hooks by GIT_INDEX_FILE."""
    for name in ("one.py", "two.py"):
        write(repo, name, "old\n")
    commit(git, repo)
    for name in ("one.py", "two.py"):
        write(repo, name, "new\n")
    git(repo, "add", "two.py")
    seen = repo.parent / "seen"
    hook = write(
        repo,
        ".git/hooks/pre-commit",
        f'#!/bin/sh\nprintf %s "$GIT_INDEX_FILE" > "{seen}"\ncp "$GIT_INDEX_FILE" .git/kept\n',
    )
    hook.chmod(0o755)
    git(repo, "commit", "-qm", "partial", "one.py")
    named = seen.read_text()
    assert Path(named).name != "index", "git named no index of its own"
    shutil.move(repo / ".git" / "kept", repo / named)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_INDEX_FILE", named)
        assert contents(index_tree(repo)) == {"one.py": b"new\n", "two.py": b"old\n"}
    assert contents(index_tree(repo)) == {"one.py": b"new\n", "two.py": b"new\n"}


def test_variables_of_another_repository_are_not_obeyed(
    repo: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(repo, "mine.py", "x = 1\n")
    head = commit(git, repo)
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    write(other, "theirs.py", "x = 1\n")
    git(other, "add", "-A")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    assert list(contents(index_tree(repo))) == ["mine.py"]
    assert resolve(repo, "HEAD") == head


def test_nothing_that_the_repository_names_is_run(repo: Path, git: Git, tmp_path: Path) -> None:
    write(repo, ".gitattributes", "*.py filter=evil diff=evil\n")
    write(repo, "a.py", "x = 1\n")
    commit(git, repo)
    ran = tmp_path / "ran"
    evil = write(tmp_path, "evil", f"#!/bin/sh\necho \"$0 $*\" >> '{ran}'\ncat\n")
    evil.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "core.editor",
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "core.alternateRefsCommand",
    ):
        git(repo, "config", key, str(evil))
    for hook in ("post-index-change", "post-checkout", "pre-auto-gc", "reference-transaction"):
        shutil.copy(evil, repo / ".git" / "hooks" / hook)
    (repo / "a.py").touch()
    write(repo, "untracked.py", "y = 1\n")
    trees: list[Tree] = [WorkTree(repo), index_tree(repo), commit_tree(repo, "HEAD")]
    for tree in trees:
        assert contents(tree)["a.py"] == b"x = 1\n"
    assert default_branch(repo) == "main" and merge_base(repo, "HEAD", "main") == resolve(repo, "main")
    assert not ran.exists()
    git(repo, "status", "--short")
    assert ran.exists(), "the trap was not set: this test proves nothing"


def test_a_setting_cannot_move_the_work_tree(repo: Path, git: Git, tmp_path: Path) -> None:
    write(repo, "a.py", "x = 1\n")
    commit(git, repo)
    write(tmp_path, "elsewhere/secret.py", "password = 1\n")
    git(repo, "config", "core.worktree", str(tmp_path / "elsewhere"))
    write(repo, "untracked.py", "x = 1\n")
    tree = WorkTree(repo)
    assert list(contents(tree)) == ["a.py", "untracked.py"]
    assert tree.entries()[1] == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away")
def test_a_checkout_of_another_owner_is_read(repo: Path, git: Git) -> None:
    write(repo, "a.py", "x = 1\n")
    commit(git, repo)
    write(repo, ".gitignore", "ignored.py\n")
    write(repo, "ignored.py", "x = 1\n")
    for path in (repo, repo / ".git"):
        os.chown(path, 12345, 12345)
    assert subprocess.run(["git", "status"], cwd=repo, capture_output=True).returncode, (
        "git trusts it: nothing to prove"
    )
    assert contents(WorkTree(repo)) == {"a.py": b"x = 1\n", ".gitignore": b"ignored.py\n"}
    assert contents(commit_tree(repo, "HEAD")) == {"a.py": b"x = 1\n"}


def test_a_repository_without_a_commit_has_files_but_no_commit(repo: Path, git: Git) -> None:
    assert (WorkTree(repo).entries(), index_tree(repo).entries()) == (([], []), ([], []))
    write(repo, "a.py", "x = 1\n")
    git(repo, "add", "a.py")
    assert contents(index_tree(repo)) == contents(WorkTree(repo)) == {"a.py": b"x = 1\n"}
    assert index_tree(repo).commit() is None and WorkTree(repo).commit() is None
    assert default_branch(repo) is None
    with pytest.raises(GitError, match="HEAD names no commit here"):
        commit_tree(repo, "HEAD")


def test_a_shallow_clone_is_read_and_its_missing_history_named(repo: Path, git: Git, tmp_path: Path) -> None:
    write(repo, "a.py", "x = 0\n")
    commit(git, repo)
    git(repo, "branch", "other")
    for number in (1, 2):
        write(repo, "a.py", f"x = {number}\n")
        commit(git, repo, str(number))
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", repo.as_uri(), "shallow")
    shallow = tmp_path / "shallow"
    trees: list[Tree] = [WorkTree(shallow), index_tree(shallow), commit_tree(shallow, "HEAD")]
    for tree in trees:
        assert contents(tree) == {"a.py": b"x = 2\n"}
    assert default_branch(shallow) == "refs/remotes/origin/HEAD"
    with pytest.raises(GitError, match="no common ancestor: fetch more history"):
        merge_base(shallow, "origin/other", "HEAD")
    assert merge_base(repo, "other", "HEAD") == git(repo, "rev-parse", "other")


def test_histories_without_a_common_commit_are_named(repo: Path, git: Git) -> None:
    write(repo, "a.py", "x = 1\n")
    commit(git, repo)
    git(repo, "checkout", "-q", "--orphan", "lone")
    commit(git, repo, "two")
    with pytest.raises(GitError, match="lone and main have no common ancestor: name another base"):
        merge_base(repo, "lone", "main")
    with pytest.raises(GitError, match="nowhere names no commit here"):
        merge_base(repo, "main", "nowhere")


@pytest.mark.parametrize("ref", ["--output=/tmp/x", "-h", "", "nowhere", "HEAD:a.py", "a b", "\n", "@{-1}"])
def test_a_ref_that_names_no_commit_gives_none(repo: Path, git: Git, ref: str) -> None:
    write(repo, "a.py", "x = 1\n")
    commit(git, repo)
    assert resolve(repo, ref) is None


def test_a_partial_clone_fetches_nothing_and_says_what_is_missing(repo: Path, git: Git, tmp_path: Path) -> None:
    write(repo, "a.py", "old = 1\n")
    commit(git, repo)
    write(repo, "a.py", "new = 1\n")
    commit(git, repo, "two")
    git(repo, "config", "uploadpack.allowFilter", "true")
    git(repo, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(tmp_path, "clone", "-q", "--filter=blob:none", repo.as_uri(), "partial")
    partial = tmp_path / "partial"
    assert contents(commit_tree(partial, "HEAD")) == {"a.py": b"new = 1\n"}
    before = commit_tree(partial, "HEAD~1")
    (entry,) = before.entries()[0]
    with pytest.raises(Unreadable, match="git has no content for it: fetch the missing objects"):
        before.read(entry)
    assert git(partial, "rev-list", "--objects", "--missing=print", "--all").count("?") == 1


def test_damaged_content_is_one_file_that_cannot_be_read(repo: Path, git: Git) -> None:
    for name in "ab":
        write(repo, f"{name}.py", f"{name} = 1\n")
    commit(git, repo)
    tree = commit_tree(repo, "HEAD")
    broken, whole = tree.entries()[0]
    blob = repo / ".git" / "objects" / str(broken.digest)[:2] / str(broken.digest)[2:]
    blob.chmod(0o644)
    blob.write_bytes(blob.read_bytes()[:5])
    for _ in range(2):
        with pytest.raises(Unreadable, match=r"git (has no content for it|cannot read its content)"):
            tree.read(broken)
        assert tree.read(whole) == b"b = 1\n"
    tree.close()
    assert tree.read(whole) == b"b = 1\n", "closed is not finished"


def test_content_that_grew_beyond_all_limits_is_refused(repo: Path, git: Git) -> None:
    with (repo / "large.py").open("wb") as stream:
        stream.truncate(65 * 1024 * 1024)
    write(repo, "small.py", "x = 1\n")
    git(repo, "add", "-A")
    tree = index_tree(repo)
    large, small = tree.entries()[0]
    assert large.size == 65 * 1024 * 1024
    with pytest.raises(Unreadable):
        tree.read(large)
    assert tree.read(small) == b"x = 1\n"


def test_links_and_submodules_are_no_files_of_the_tree(repo: Path, git: Git, tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.mkdir()
    git(part, "init", "-q")
    write(part, "inner.py", "x = 1\n")
    commit(git, part)
    git(repo, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(part), "part")
    write(repo, "a.py", "x = 1\n")
    (repo / "link.py").symlink_to("a.py")
    (repo / "folder").symlink_to("part")
    commit(git, repo)
    links = [("folder", "is a symbolic link"), ("link.py", "is a symbolic link"), ("part", "is a submodule")]
    trees: list[Tree] = [WorkTree(repo), index_tree(repo), commit_tree(repo, "HEAD")]
    for tree in trees:
        assert set(contents(tree)) == {"a.py", ".gitmodules"}
        assert tree.entries()[1] == links


def test_a_file_in_conflict_is_read_as_our_side(repo: Path, git: Git) -> None:
    write(repo, "a.py", "base\n")
    commit(git, repo)
    git(repo, "checkout", "-qb", "side")
    write(repo, "a.py", "theirs\n")
    commit(git, repo, "theirs")
    git(repo, "checkout", "-q", "main")
    write(repo, "a.py", "ours\n")
    commit(git, repo, "ours")
    subprocess.run(["git", "merge", "side"], cwd=repo, capture_output=True)
    assert contents(index_tree(repo)) == {"a.py": b"ours\n"}
    assert len(WorkTree(repo).entries()[0]) == 1


def test_a_linked_work_tree_and_a_submodule_are_repositories(repo: Path, git: Git, tmp_path: Path) -> None:
    write(repo, "a.py", "x = 1\n")
    commit(git, repo)
    linked = tmp_path / "linked"
    git(repo, "worktree", "add", "-q", "-b", "side", str(linked))
    write(linked, "b.py", "y = 1\n")
    git(linked, "add", "-A")
    assert find_root(linked / "b.py") == (linked, True)
    assert set(contents(index_tree(linked))) == set(contents(WorkTree(linked))) == {"a.py", "b.py"}
    assert set(contents(index_tree(repo))) == {"a.py"}


def test_the_root_is_the_nearest_folder_with_a_repository(repo: Path, tmp_path: Path) -> None:
    inner = repo / "src" / "deep"
    inner.mkdir(parents=True)
    (inner / ".git").mkdir()  # an empty folder of that name is no repository
    file = write(inner, "a.py", "")
    assert find_root(repo) == find_root(inner) == find_root(file) == (repo, True)
    plain = tmp_path / "plain"
    plain.mkdir()
    assert find_root(plain) == (plain, False)
    (plain / "link").symlink_to(repo)
    assert find_root(plain / "link") == (repo, True)


def test_without_git_the_files_are_still_read_and_that_is_said(
    repo: Path, git: Git, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(repo, "a.py", "x = 1\n")
    commit(git, repo)
    empty = tmp_path / "bin"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))
    assert find_root(repo) == (repo, False)
    tree = WorkTree(repo)
    assert contents(tree) == {"a.py": b"x = 1\n"} and tree.commit() is None
    ((path, why),) = tree.entries()[1]
    assert path == ".git" and "install it" in why
    with pytest.raises(GitError, match="install it, or scan a plain folder"):
        run(repo, "status")


def test_a_git_folder_that_leads_nowhere_leaves_a_plain_folder(tmp_path: Path) -> None:
    write(tmp_path, ".git", "gitdir: /nowhere/at/all\n")
    write(tmp_path, "a.py", "x = 1\n")
    tree = WorkTree(tmp_path)
    assert contents(tree) == {"a.py": b"x = 1\n"}
    assert [path for path, _ in tree.entries()[1]] == [".git"]


def test_a_failing_command_tells_what_git_said(repo: Path) -> None:
    with pytest.raises(GitError, match="git ls-tree failed: fatal: Not a valid object name nowhere"):
        run(repo, "ls-tree", "nowhere")


@pytest.mark.parametrize(
    "path", ["../up.py", "a/../../up.py", "/etc/passwd", "a//b.py", "./a.py", ".git/config", "x/.GIT/hooks"]
)
def test_a_path_that_leads_elsewhere_is_unfit(path: str) -> None:
    assert unfit(path) == (path, "has a name that leads elsewhere")


def test_a_crafted_commit_cannot_name_files_outside(repo: Path, git: Git) -> None:
    """`git fsck` refuses such a tree, `git ls-tree` lists it."""
    write(repo, "a.py", "x = 1\n")
    commit(git, repo)
    blob = bytes.fromhex(git(repo, "rev-parse", "HEAD:a.py"))
    inner = _object(repo, "tree", b"100644 passwd.py\0" + blob)
    outer = _object(repo, "tree", b"40000 ..\0" + bytes.fromhex(inner) + b"100644 a.py\0" + blob)
    crafted = git(repo, "commit-tree", "-m", "crafted", outer)
    tree = commit_tree(repo, crafted)
    assert [entry.path for entry in tree.entries()[0]] == ["a.py"]
    assert tree.entries()[1] == [("../passwd.py", "has a name that leads elsewhere")]


def _object(root: Path, kind: str, data: bytes) -> str:
    command = ["git", "hash-object", "-w", "--literally", "-t", kind, "--stdin"]
    return subprocess.run(command, cwd=root, input=data, check=True, capture_output=True).stdout.decode().strip()


def test_an_entry_git_does_not_know_is_unreadable(repo: Path) -> None:
    with pytest.raises(Unreadable, match="git has no content for it"):
        index_tree(repo).read(Entry("a.py", 3, "0" * 40))
