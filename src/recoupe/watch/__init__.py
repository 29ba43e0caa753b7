"""Watch: pages from feeds and sitemaps, fetched politely (docs/watch.md). Needs the packages of `recoupe[watch]`."""

from recoupe.watch.feeds import Entry, Feed, read_feed
from recoupe.watch.fetch import Answer, Ask, Fetcher, Politeness, World
from recoupe.watch.run import Tally, Watch

__all__ = ["Answer", "Ask", "Entry", "Feed", "Fetcher", "Politeness", "Tally", "Watch", "World", "read_feed"]
