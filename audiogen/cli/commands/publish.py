"""The command `publish`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Json, Quiet
from audiogen.cli.output import Talk, print_data, print_json

if TYPE_CHECKING:
    from audiogen.share.publish import Published


@command("Phone")
def publish(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", show_default=False, help="Folder of finished tracks.")],
    url: Annotated[
        str, typer.Option("--url", metavar="ADDRESS", show_default=False, help="Address at which the site will be.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="Write the site here.")] = Path("site"),
    title: Annotated[
        str, typer.Option("--title", metavar="TEXT", help="Title of the site and its podcast.")
    ] = "Sessions",
    owner: Annotated[
        str, typer.Option("--owner", metavar="NAME", show_default=False, help="Name the author in the podcast.")
    ] = "",
    email: Annotated[
        str,
        typer.Option("--email", metavar="ADDRESS", show_default=False, help="Name an e-mail address in the podcast."),
    ] = "",
    secret: Annotated[
        bool | None,
        typer.Option(
            "--secret/--no-secret",
            show_default=False,
            help="Put everything into a folder whose name nobody can guess. [default: as last time]",
        ),
    ] = None,
    index: Annotated[
        bool, typer.Option("--index", help="Let search engines and podcast directories list the site.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; check what the address answers, exit 1 if anything is wrong."),
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Publish finished tracks as a site for any host: pages that play them, and a podcast.

    Writes a folder to upload; nothing is sent anywhere. Run it again after a change: only what changed is written, and
    tracks that are gone are removed from it. Prints the address of the site on stdout and everything else on stderr.

    \b
    Examples:
      audiogen publish output/clients --url https://example.org/class/
      audiogen publish output/clients --url https://example.org/class/ --secret --title "Class of May"
      audiogen publish output/clients --url https://example.org/class/ --check
    """
    from audiogen.share.publish import address, mail_address, publish
    from audiogen.share.publish.site import Choices
    from audiogen.storage.cache import Cache
    from audiogen.storage.config import cache_dir, cache_limit_bytes

    talk = Talk(quiet)
    where = address(url)
    if check:
        _check(out, where, json)
        return
    choices = Choices(where, title, owner or "audiogen", mail_address(email) if email else "", searchable=index)
    published = publish(folder, out, choices, Cache(cache_dir(), cache_limit_bytes()), secret=secret)
    _report(published, out, where, talk)
    if json:
        update = published.update
        counts = {"written": list(update.written), "unchanged": update.unchanged, "removed": list(update.removed)}
        told = [notice.to_json() for notice in published.notices]
        print_json({"url": published.url, "path": str(out), "tracks": published.tracks, **counts, "notices": told})
    else:
        print_data(published.url)


def _report(published: "Published", out: Path, where: str, talk: Talk) -> None:
    from audiogen.text import counted

    update = published.update
    for notice in published.notices:
        talk.say(str(notice))
    for path in update.kept:
        talk.say(f"{out / path} was changed by somebody and stays; remove it if it is no longer wanted.")
    files = f"{len(update.written)} written, {update.unchanged} unchanged, {len(update.removed)} removed"
    talk.say(f"{counted(published.tracks, 'track')}; files: {files}.")
    if update.written or update.removed:
        talk.say(f"Upload everything in {out} to {where} and remove there what is gone here.")
        talk.say("Then run the same command with --check.")
    if published.url != where:
        talk.say(f"Only people who know its address can find the site: {published.url}")


def _check(out: Path, where: str, json: bool) -> None:
    from audiogen.share.publish.check import check
    from audiogen.text import counted

    found = []
    for one in check(out, where):
        found.append(one)
        if not json:
            for said in one.problems or (f"fine, {counted(one.files, 'file')}",):
                print_data(f"{one.name}: {said}")
    if json:
        print_json([{"name": one.name, "files": one.files, "problems": list(one.problems)} for one in found])
    if any(one.problems for one in found):
        raise typer.Exit(1)
