#!/usr/bin/env python3
"""Indexes three invented filings and searches them, through libgaosou and ctypes alone.

    python3 search.py INDEX 净利润        (LIBGAOSOU names the library where the system does not find it)
"""
import ctypes
import ctypes.util
import json
import os
import sys
from ctypes import POINTER, byref, c_char_p, c_int, c_size_t, c_uint, c_uint64, c_void_p

FILINGS = [
    {"id": "yunfan-2023", "title": "云帆精工2023年年度报告", "code": "688999", "name": "云帆精工",
     "date": "2024-04-20", "type": "年度报告", "text": "报告期内公司净利润增长一成。研发人员增加到一百二十人。"},
    {"id": "xinghe-2023", "title": "星河制药2023年年度报告", "code": "600999", "name": "星河制药",
     "date": "2024-03-28", "type": "年度报告", "text": "净利润下降。净利润下降的主要原因是研发投入加大。"},
    {"id": "lanjing-suit", "title": "蓝鲸航运关于收到传票的公告", "code": "601999", "name": "蓝鲸航运",
     "date": "2024-05-06", "type": "诉讼仲裁公告", "text": "公司近日收到法院传票，对本期净利润的影响尚不确定。"},
]
WRITER_CREATE = 0x1

# What each function takes and gives, as gaosou.h declares it. A void * is a handle.
DECLARED = {
    "gaosou_version": (c_char_p, []),
    "gaosou_error_create": (c_void_p, []),
    "gaosou_error_free": (None, [c_void_p]),
    "gaosou_error_text": (c_char_p, [c_void_p]),
    "gaosou_filing_create": (c_void_p, []),
    "gaosou_filing_free": (None, [c_void_p]),
    "gaosou_filing_read_json": (c_int, [c_void_p, c_char_p, c_size_t, c_void_p]),
    "gaosou_writer_open": (c_int, [POINTER(c_void_p), c_char_p, c_uint, c_void_p]),
    "gaosou_writer_add": (c_int, [c_void_p, c_void_p, c_uint, c_void_p]),
    "gaosou_writer_commit": (c_int, [c_void_p, POINTER(c_uint64), c_void_p]),
    "gaosou_writer_close": (None, [c_void_p]),
    "gaosou_searcher_open": (c_int, [POINTER(c_void_p), c_char_p, c_void_p]),
    "gaosou_searcher_close": (None, [c_void_p]),
    "gaosou_session_open": (c_int, [POINTER(c_void_p), c_void_p, c_void_p]),
    "gaosou_session_close": (None, [c_void_p]),
    "gaosou_session_search": (c_int, [c_void_p, c_void_p, POINTER(c_void_p), c_void_p]),
    "gaosou_request_create": (c_void_p, []),
    "gaosou_request_free": (None, [c_void_p]),
    "gaosou_request_set_query": (c_int, [c_void_p, c_char_p, c_size_t, c_void_p]),
    "gaosou_request_add_facet": (c_int, [c_void_p, c_char_p, c_size_t, c_void_p]),
    "gaosou_result_json": (c_int, [c_void_p, POINTER(c_char_p), POINTER(c_size_t), c_void_p]),
}


def load():
    path = os.environ.get("LIBGAOSOU") or ctypes.util.find_library("gaosou")
    if not path:
        sys.exit("libgaosou is not installed; LIBGAOSOU may name it")
    library = ctypes.CDLL(path)
    for name, (gives, takes) in DECLARED.items():
        function = getattr(library, name)
        function.restype, function.argtypes = gives, takes
    return library


class Gaosou:
    """The library with its statuses turned into exceptions. One thread."""

    def __init__(self):
        self.library = load()
        self.error = self.library.gaosou_error_create()

    def call(self, name, *arguments):
        if getattr(self.library, "gaosou_" + name)(*arguments, self.error) != 0:
            raise RuntimeError(self.library.gaosou_error_text(self.error).decode())

    def opened(self, name, *arguments):
        """The handle that an open function gives by its first argument."""
        handle = c_void_p()
        self.call(name, byref(handle), *arguments)
        return handle

    def build(self, index, filings):
        writer = self.opened("writer_open", index.encode(), WRITER_CREATE)
        filing = self.library.gaosou_filing_create()
        try:
            for fields in filings:
                line = json.dumps(fields, ensure_ascii=False).encode()
                self.call("filing_read_json", filing, line, len(line))
                self.call("writer_add", writer, filing, 0)
            self.call("writer_commit", writer, None)
        finally:
            self.library.gaosou_filing_free(filing)
            self.library.gaosou_writer_close(writer)

    def search(self, session, query, facets=()):
        """The answer: what gaosou-query --json prints."""
        request = self.library.gaosou_request_create()
        try:
            text = query.encode()
            self.call("request_set_query", request, text, len(text))
            for facet in facets:
                self.call("request_add_facet", request, facet.encode(), len(facet.encode()))
            result, answer, size = c_void_p(), c_char_p(), c_size_t()
            self.call("session_search", session, request, byref(result))
            self.call("result_json", result, byref(answer), byref(size))
            return json.loads(answer.value)
        finally:
            self.library.gaosou_request_free(request)


def marked(fragment):
    """The fragment with its hits between 【 and 】; spans count bytes."""
    text, at, out = fragment["text"].encode(), 0, b""
    for start, end in fragment["spans"]:
        out += text[at:start] + "【".encode() + text[start:end] + "】".encode()
        at = end
    return (out + text[at:]).decode()


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: search.py INDEX QUERY...")
    gaosou = Gaosou()
    gaosou.build(sys.argv[1], FILINGS)
    searcher = gaosou.opened("searcher_open", sys.argv[1].encode())
    session = gaosou.opened("session_open", searcher)
    for query in sys.argv[2:]:
        answer = gaosou.search(session, query, ["type"])
        print(f"{answer['total']} filings, {answer['hits_total']} hits. {answer['read_as']}")
        for hit in answer["hits"]:
            print(f"{hit['rank']}. {hit['id']}  {hit['title']}")
            for fragment in hit["fragments"]:
                print("    " + marked(fragment))
    gaosou.library.gaosou_session_close(session)
    gaosou.library.gaosou_searcher_close(searcher)
    gaosou.library.gaosou_error_free(gaosou.error)


if __name__ == "__main__":
    main()
