"""The encodings of the web, and what they are called there.

From the WHATWG's Encoding Standard, section 4.2 (https://encoding.spec.whatwg.org/#names-and-labels): what pages call
by a narrow name is mostly the wider encoding that some system wrote, so that browsers read `iso-8859-1` as Windows-1252
and `gb2312` as GB 18030. Not in the table: UTF-16 and UTF-32, which are known by their marks (a page that could be read
so far as to tell them is in neither); `x-user-defined`, and those that browsers refuse to read; and all of Python's
codecs that are none of the web's, such as `unicode_escape`, `utf-7` and `punycode`.
"""

from __future__ import annotations

import re

_LABELS = {
    "utf-8": "utf8 unicode11utf8 unicode20utf8 xunicode20utf8",
    "cp866": "866 cp866 csibm866 ibm866",
    "iso8859-2": "csisolatin2 iso88592 iso885921987 isoir101 l2 latin2",
    "iso8859-3": "csisolatin3 iso88593 iso885931988 isoir109 l3 latin3",
    "iso8859-4": "csisolatin4 iso88594 iso885941988 isoir110 l4 latin4",
    "iso8859-5": "csisolatincyrillic cyrillic iso88595 iso885951988 isoir144",
    "iso8859-6": "arabic asmo708 csiso88596e csiso88596i csisolatinarabic ecma114 iso88596 iso885961987 iso88596e "
    "iso88596i isoir127",
    "iso8859-7": "csisolatingreek ecma118 elot928 greek greek8 iso88597 iso885971987 isoir126 suneugreek",
    "iso8859-8": "csiso88598e csiso88598i csisolatinhebrew hebrew iso88598 iso885981988 iso88598e iso88598i isoir138 "
    "logical visual",
    "iso8859-10": "csisolatin6 iso885910 isoir157 l6 latin6",
    "iso8859-13": "iso885913",
    "iso8859-14": "iso885914",
    "iso8859-15": "csisolatin9 iso885915 l9 latin9",
    "iso8859-16": "iso885916",
    "koi8-r": "cskoi8r koi koi8 koi8r",
    "koi8-u": "koi8ru koi8u",
    "mac-roman": "csmacintosh mac macintosh macroman xmacroman",
    "mac-cyrillic": "xmaccyrillic xmacukrainian",
    "cp874": "cp874 dos874 iso885911 tis620 windows874",
    "cp1250": "cp1250 windows1250 xcp1250",
    "cp1251": "cp1251 windows1251 xcp1251",
    "cp1252": "ansix341968 ascii cp1252 cp819 csisolatin1 ibm819 iso88591 iso885911987 isoir100 l1 latin1 usascii "
    "windows1252 xcp1252",
    "cp1253": "cp1253 windows1253 xcp1253",
    "cp1254": "cp1254 csisolatin5 iso88599 iso885991989 isoir148 l5 latin5 windows1254 xcp1254",
    "cp1255": "cp1255 windows1255 xcp1255",
    "cp1256": "cp1256 windows1256 xcp1256",
    "cp1257": "cp1257 windows1257 xcp1257",
    "cp1258": "cp1258 windows1258 xcp1258",
    "gb18030": "chinese cp936 csgb2312 csiso58gb231280 gb18030 gb2312 gb231280 gbk isoir58 windows936 xgbk",
    "big5hkscs": "big5 big5hkscs cnbig5 csbig5 xxbig5",
    "euc_jp": "cseucpkdfmtjapanese eucjp xeucjp",
    "iso2022_jp_ext": "csiso2022jp iso2022jp",
    "cp932": "cp932 csshiftjis ms932 mskanji shiftjis sjis windows31j windows932 xsjis",
    "cp949": "cp949 cseuckr csksc56011987 euckr isoir149 korean ksc5601 ksc56011987 ksc56011989 windows949",
}
"""Python's name of an encoding, and its labels without their marks and in lower case; to those of the standard are
added some that are no other encoding's, such as `cp936` and `mac_roman`.
"""
ISO_2022_JP = "iso2022_jp_ext"
_BY_LABEL = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}
_MARKS = re.compile(r"[^a-z0-9]+")


def codec_of(label: str) -> str | None:
    """What a page's label of its encoding means to a browser, by Python's name; None where it is none of the web's.

    >>> codec_of("ISO-8859-1"), codec_of("'gb2312'"), codec_of("shift_jis"), codec_of("unicode_escape")
    ('cp1252', 'gb18030', 'cp932', None)
    """
    return _BY_LABEL.get(_MARKS.sub("", label.lower()))
