"""The page on the phone: what to tap and what to know, in one self-contained document.

Shared -> HTML
"""

from html import escape
from string import Template

from audiogen.durations import format_clock
from audiogen.export.formats import format_for
from audiogen.export.player.page import policy_hash
from audiogen.share.describe import Shared
from audiogen.text import legible, megabytes

STYLE = """
:root { color-scheme: light dark; --ink: #1d2327; --paper: #fff; --quiet: #525b63; --line: #d5dade; --go: #14614a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ecef; --paper: #14181b; --quiet: #a9b3bb; --line: #3a4349; --go: #7fdcb8; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 34rem; padding: 1.5rem 1.1rem 3rem; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.0625rem; margin: 1.75rem 0 .4rem; }
p, ol, ul { margin: .4rem 0; } ol, ul { padding-left: 1.3rem; } li { margin: .3rem 0; }
.facts { color: var(--quiet); }
.save { display: flex; align-items: center; justify-content: center; min-height: 3.5rem; margin: 1.25rem 0 1rem;
  padding: .5rem 1rem; border-radius: .75rem; background: var(--go); color: var(--paper); font-weight: 600;
  text-decoration: none; text-align: center; }
.save:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
audio { display: block; width: 100%; height: 54px; }
summary { min-height: 44px; display: flex; align-items: center; font-weight: 600; cursor: pointer; }
summary::before { content: "+"; width: 1.3rem; } [open] > summary::before { content: "−"; }
details { border-top: 1px solid var(--line); } details:last-of-type { border-bottom: 1px solid var(--line); }
"""

_PAGE = Template("""\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>$title</title>
<style>$style</style>
<main>
<h1 lang="$language">$title</h1>
<p class="facts">$facts</p>
<a class="save" href="$save" download="$name">Save to this phone</a>
$listen<h2>Before you start</h2>
<ul>
<li>Turn off <strong>trim silence</strong> (or skip silence) in the player.</li>
<li>Set the speed to <strong>1×</strong>.</li>
$expected<li>You can lock the screen; the session continues.</li>
</ul>
<h2>Where to find the file</h2>
<details>
<summary>iPhone and iPad</summary>
<ol>
<li>Tap the button above, then <em>Download</em>.</li>
<li>Open the <em>Files</em> app, then <em>Downloads</em>, and tap “$name” to play it.</li>
<li>To add it to a player, touch and hold it, choose <em>Share</em>, then an audio app such as VLC.</li>
</ol>
</details>
<details>
<summary>Android</summary>
<ol>
<li>Tap the button above. If the browser warns about an insecure download, keep the file: it comes directly
from your computer.</li>
<li>Tap the notification when the download is complete, or open <em>Files</em>, then <em>Downloads</em>.
Any music player can play it.</li>
</ol>
</details>
<p class="facts">This page stops working once the file is saved.</p>
</main>
</html>
""")


_LISTEN = Template("""\
<p>Or listen here; the computer must stay on.</p>
<audio controls preload="none" src="$play" aria-label="Listen to $title"></audio>
""")


def html(shared: Shared, *, save: str, play: str) -> str:
    """Return the page of a file that is saved from one address and played from the other."""
    size = megabytes(shared.size_bytes)
    length = None if shared.length_ms is None else format_clock(shared.length_ms)
    expected = f"<li>The player should show <strong>{length}</strong>. If it shows less, check both settings.</li>\n"
    title = escape(legible(shared.title))
    kind = format_for(shared.path)
    listen = _LISTEN.substitute(play=escape(play), title=title)
    return _PAGE.substitute(
        style=STYLE,
        title=title,
        language=escape(legible(shared.language)),
        name=escape(legible(shared.name)),
        facts=f"{length}, {size}" if length else size,
        save=escape(save),
        listen="" if kind is not None and kind.is_page else listen,  # a page plays where it is saved
        expected=expected if length else "",
    )


def policy() -> str:
    """Return the content security policy: play our audio, apply our style, nothing else."""
    return (
        f"default-src 'none'; media-src 'self'; style-src {policy_hash(STYLE)}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
