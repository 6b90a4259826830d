/*
 * The events of libxml2's two SAX parsers as ours, and the limits that it does not have itself.
 *
 * Where libxml2 is not linear (a tag is compared with every open element, an attribute with every
 * other of its tag, a prefix with every declaration in scope) the steps are counted in units of one
 * comparison and bounded: HTML_WORK_MAX in all, or by limits on what there is to compare with.
 */
#include "indexer/markup.h"
#include "common/base/buf.h"
#include "indexer/decode.h"

#include <ctype.h>
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What an error handler is given became const with libxml2 2.12. */
#if LIBXML_VERSION >= 21200
#define XML_ERROR const xmlError
#else
#define XML_ERROR xmlError
#endif

#define HTML_WORK_MAX ((uint64_t)1 << 28) /* comparisons beyond what a linear reader would make */

struct reader {
    const struct gs_markup_events *events;
    void *user;
    xmlParserCtxtPtr ctxt;
    enum gaosou_status status; /* the first that was not GAOSOU_OK; no events after it */
    struct gs_err *err;
    struct gs_markup_attribute *attributes; /* of the element at hand */
    size_t attribute_capacity;
    size_t depth;
    size_t names_max;                            /* bytes */
    uint64_t work;                               /* HTML */
    unsigned spaces_at[GS_MARKUP_XML_DEPTH + 1]; /* XML: namespaces in scope at each depth */
};

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void stop(struct reader *r, enum gaosou_status status)
{
    if (r->status != GAOSOU_OK || status == GAOSOU_OK)
        return;
    r->status = status;
    xmlStopParser(r->ctxt);
}

static unsigned line_of(const struct reader *r)
{
    const struct _xmlParserInput *input = r->ctxt->input;
    return input && input->line > 0 ? (unsigned)input->line : 1;
}

static void limit(struct reader *r, const char *what, size_t most)
{
    if (r->status == GAOSOU_OK)
        stop(r, gs_err_set(r->err, GAOSOU_E_LIMIT, "line %u: more than %zu %s", line_of(r), most,
                           what));
}

/* libxml2 keeps every name that it meets in a table, which grows only so far (then its chains do),
 * and does not survive it full: its HTML parser stays on the spot at an element whose name it
 * cannot keep. The table takes a last part once it is over its limit, and that is the time to stop.
 * The options of a reading reset the limit: it is set behind them. */
static void on_document(void *user)
{
    struct reader *r = user;
    xmlDictSetLimit(r->ctxt->dict, r->names_max);
}

static void check_names(struct reader *r)
{
    if (xmlDictGetUsage(r->ctxt->dict) > r->names_max)
        limit(r, "bytes of different names", r->names_max);
}

/* Room for `count` attributes; NULL with the reader stopped. */
static struct gs_markup_attribute *attribute_room(struct reader *r, size_t count)
{
    if (count <= r->attribute_capacity)
        return r->attributes;
    size_t capacity = count < 16 ? 16 : count * 2;
    struct gs_markup_attribute *a = realloc(r->attributes, capacity * sizeof *a);
    if (!a) {
        stop(r, gs_err_nomem(r->err, capacity * sizeof *a));
        return NULL;
    }
    r->attributes = a;
    r->attribute_capacity = capacity;
    return a;
}

static void on_text(void *user, const xmlChar *text, int size)
{
    struct reader *r = user;
    check_names(r);
    if (r->status == GAOSOU_OK && size > 0)
        stop(r, r->events->text(r->user, (const char *)text, (size_t)size));
}

/* ---- HTML ---------------------------------------------------------------------------------- */

static void html_work(struct reader *r, uint64_t steps)
{
    r->work += steps;
    if (r->work > HTML_WORK_MAX && r->status == GAOSOU_OK)
        stop(r,
             gs_err_set(r->err, GAOSOU_E_LIMIT,
                        "line %u: markup too broken to be sorted out in bounded time", line_of(r)));
}

/* What libxml2 complains of is what it searched in vain: the open elements for an end tag, the
 * names of a tag for an attribute. It must not be stopped where an element has no name: 2.9 then
 * looks for the end of the tag for ever. */
static void on_html_error(void *user, XML_ERROR *error)
{
    struct reader *r = user;
    uint64_t names = (uint64_t)xmlDictSize(r->ctxt->dict);
    if (error->code == XML_ERR_NO_MEMORY)
        stop(r, gs_err_nomem(r->err, 0));
    else if (error->code == XML_ERR_ATTRIBUTE_REDEFINED)
        html_work(r, names);
    else if (error->code == XML_HTML_STRUCURE_ERROR) /* a tag that will have no start event */
        html_work(r, r->depth + (names > 1000 ? names * names / 2 : 0));
    else if (error->code != XML_HTML_UNKNOWN_TAG && error->code != XML_ERR_NAME_REQUIRED)
        html_work(r, r->depth);
    if (error->code != XML_ERR_NAME_REQUIRED || strstr(error->message, "attribute"))
        check_names(r);
}

static void on_html_instruction(void *user, const xmlChar *target, const xmlChar *data)
{
    (void)target, (void)data;
    check_names(user);
}

static void on_html_start(void *user, const xmlChar *name, const xmlChar **pairs)
{
    struct reader *r = user;
    size_t count = 0;
    while (pairs && pairs[2 * count])
        count++;
    html_work(r, (uint64_t)count * count / 2);
    check_names(r);
    if (++r->depth > GS_MARKUP_HTML_DEPTH)
        limit(r, "elements inside each other", GS_MARKUP_HTML_DEPTH);
    if (r->status != GAOSOU_OK)
        return;
    struct gs_markup_attribute *a = attribute_room(r, count);
    if (count && !a)
        return;
    for (size_t i = 0; i < count; i++) {
        const char *value = pairs[2 * i + 1] ? (const char *)pairs[2 * i + 1] : "";
        a[i] = (struct gs_markup_attribute){(const char *)pairs[2 * i], NULL, value, strlen(value)};
    }
    struct gs_markup_element e = {(const char *)name, NULL, a, count, line_of(r)};
    stop(r, r->events->start(r->user, &e));
}

static void on_html_end(void *user, const xmlChar *name)
{
    struct reader *r = user;
    if (r->depth > 0)
        r->depth--;
    if (r->status == GAOSOU_OK)
        stop(r, r->events->end(r->user, (const char *)name, NULL));
}

/* Control characters would be dropped by libxml2, and U+0000 taken for the end. */
static bool is_control(uint8_t c)
{
    return c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

static size_t find(const uint8_t *bytes, size_t size, const char *wanted)
{
    const uint8_t *at = memmem(bytes, size, wanted, strlen(wanted));
    return at ? (size_t)(at - bytes) : size;
}

static bool begins_with(const uint8_t *bytes, size_t size, const char *text)
{
    size_t wanted = strlen(text);
    return size >= wanted && strncasecmp((const char *)bytes, text, wanted) == 0;
}

/* Bytes of a comment at `<`, to be kept as they are; 0: none begins here, or it has no end. */
static size_t comment_size(const uint8_t *at, size_t size)
{
    if (!begins_with(at, size, "<!--"))
        return 0;
    size_t end = find(at + 2, size - 2, "-->");
    return end < size - 2 ? end + 5 : 0;
}

/* Bytes of <![if ...]> or <![endif]> at `<`, as Word writes them outside of comments, or of
 * <![CDATA[, which libxml2 takes for text; 0: neither. */
static size_t section_size(const uint8_t *at, size_t size)
{
    if (begins_with(at, size, "<![CDATA["))
        return 9;
    if (!begins_with(at, size, "<![if") && !begins_with(at, size, "<![endif"))
        return 0;
    size_t most = size < 256 ? size : 256, end = find(at, most, "]>");
    return end < most ? end + 2 : 0;
}

/* Bytes of a reference at `&` that lacks its semicolon and is understood all the same; 0: none. */
static size_t open_reference(const uint8_t *at, size_t size)
{
    static const char *const names[] = {"&nbsp",   "&lt",     "&gt",   "&amp",  "&quot",
                                        "&copy",   "&reg",    "&yen",  "&deg",  "&times",
                                        "&plusmn", "&middot", "&sup2", "&sup3", "&sect"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t length = strlen(names[i]);
        if (size < length || memcmp(at, names[i], length) != 0)
            continue;
        uint8_t next = size > length ? at[length] : ' ';
        bool longer = next == '=' || (isalnum(next) && i > 0); /* only &nbsp is safe to tell */
        return next == ';' || longer ? 0 : length;
    }
    return 0;
}

/* Bytes from the start that pass as they are. */
static size_t clean_run(const uint8_t *bytes, size_t size)
{
    size_t at = 0;
    while (at < size && bytes[at] != '<' && bytes[at] != '&' && !is_control(bytes[at]))
        at++;
    return at;
}

/* What libxml2 would get wrong set right. */
static void clean_html(const uint8_t *bytes, size_t size, struct gs_buf *out)
{
    bool comments_end = true; /* one without an end is looked for once */
    gs_buf_reserve(out, size);
    for (size_t at = 0, take; at < size; at += take) {
        size_t left = size - at, dropped = 0;
        const uint8_t *here = bytes + at;
        take = clean_run(here, left);
        if (take == 0 && *here == '<') {
            take = comments_end ? comment_size(here, left) : 0;
            comments_end &= take > 0 || !begins_with(here, left, "<!--");
            dropped = take ? 0 : section_size(here, left);
        } else if (take == 0 && *here == '&') {
            take = open_reference(here, left);
        }
        bool open = take > 0 && *here == '&';
        if (take > 0)
            gs_buf_append(out, here, take);
        else if (dropped == 0)
            gs_buf_append_u8(out, is_control(*here) ? ' ' : *here);
        if (open)
            gs_buf_append_u8(out, ';');
        take = take > 0 ? take : dropped > 0 ? dropped : 1;
    }
}

static void run_html(struct reader *r, const uint8_t *bytes, size_t size)
{
    xmlSAXHandler *sax = r->ctxt->sax;
    *sax = (xmlSAXHandler){.startDocument = on_document,
                           .startElement = on_html_start,
                           .endElement = on_html_end,
                           .characters = on_text,
                           .ignorableWhitespace = on_text,
                           .processingInstruction = on_html_instruction,
                           .cdataBlock = on_text,
                           .serror = on_html_error,
                           .initialized = XML_SAX2_MAGIC};
    r->ctxt->userData = r;
    r->names_max = GS_MARKUP_HTML_NAMES;
    int options =
        HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC | HTML_PARSE_COMPACT;
    htmlCtxtReadMemory(r->ctxt, (const char *)bytes, (int)size, NULL, "UTF-8", options);
}

/* ---- XML ----------------------------------------------------------------------------------- */

static void on_xml_error(void *user, XML_ERROR *error)
{
    struct reader *r = user;
    if (error->level != XML_ERR_FATAL || r->status != GAOSOU_OK)
        return;
    check_names(r);
    if (r->status != GAOSOU_OK)
        return;
    if (error->code == XML_ERR_NO_MEMORY) {
        stop(r, gs_err_nomem(r->err, 0));
        return;
    }
    const char *text = error->message ? error->message : "not well-formed XML";
    int shown = (int)strcspn(text, "\n");
    stop(r, gs_err_set(r->err, GAOSOU_E_INPUT, "line %d: %.*s", error->line, shown, text));
}

static void on_doctype(void *user, const xmlChar *name, const xmlChar *public_id,
                       const xmlChar *system_id)
{
    struct reader *r = user;
    (void)name, (void)public_id, (void)system_id;
    if (r->status == GAOSOU_OK)
        stop(r, gs_err_set(r->err, GAOSOU_E_INPUT,
                           "line %u: a document type declaration, which is not allowed here",
                           line_of(r)));
}

static void on_xml_start(void *user, const xmlChar *name, const xmlChar *prefix,
                         const xmlChar *space, int space_count, const xmlChar **spaces, int count,
                         int defaulted, const xmlChar **fields)
{
    struct reader *r = user;
    (void)prefix, (void)spaces, (void)defaulted;
    check_names(r);
    if (r->status != GAOSOU_OK)
        return;
    if (r->depth == GS_MARKUP_XML_DEPTH) {
        limit(r, "elements inside each other", GS_MARKUP_XML_DEPTH);
        return;
    }
    unsigned in_scope = r->spaces_at[r->depth++] + (unsigned)space_count;
    r->spaces_at[r->depth] = in_scope;
    if (in_scope > GS_MARKUP_XML_SPACES)
        limit(r, "namespace declarations in scope", GS_MARKUP_XML_SPACES);
    struct gs_markup_attribute *a = attribute_room(r, (size_t)count);
    if (r->status != GAOSOU_OK)
        return;
    for (int i = 0; i < count; i++) {
        const xmlChar **f = fields + (size_t)5 * (size_t)i; /* name, prefix, space, value, end */
        a[i] = (struct gs_markup_attribute){(const char *)f[0], (const char *)f[2],
                                            (const char *)f[3], (size_t)(f[4] - f[3])};
    }
    struct gs_markup_element e = {(const char *)name, (const char *)space, a, (size_t)count,
                                  line_of(r)};
    stop(r, r->events->start(r->user, &e));
}

static void on_xml_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *space)
{
    struct reader *r = user;
    (void)prefix;
    if (r->status != GAOSOU_OK)
        return;
    r->depth--;
    stop(r, r->events->end(r->user, (const char *)name, (const char *)space));
}

/* The line of the first tag with too many attributes (a quote behind an equals sign), or 0. libxml2
 * compares all attributes of a tag with each other before it shows any. */
static unsigned crowded_line(const uint8_t *bytes, size_t size)
{
    unsigned line = 1, count = 0;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n')
            line++;
        else if (bytes[i] == '<')
            count = 0;
        else if (bytes[i] == '=') {
            while (i + 1 < size && strchr(" \t\r\n", bytes[i + 1]) && bytes[i + 1])
                line += bytes[++i] == '\n';
            if (i + 1 < size && (bytes[i + 1] == '"' || bytes[i + 1] == '\''))
                count++;
            if (count > GS_MARKUP_XML_ATTRIBUTES)
                return line;
        }
    }
    return 0;
}

static void run_xml(struct reader *r, const uint8_t *bytes, size_t size)
{
    unsigned crowded = crowded_line(bytes, size);
    if (crowded) {
        r->status = gs_err_set(r->err, GAOSOU_E_LIMIT,
                               "line %u: more than %d attributes of one "
                               "element",
                               crowded, GS_MARKUP_XML_ATTRIBUTES);
        return;
    }
    *r->ctxt->sax = (xmlSAXHandler){.startDocument = on_document,
                                    .internalSubset = on_doctype,
                                    .startElementNs = on_xml_start,
                                    .endElementNs = on_xml_end,
                                    .characters = on_text,
                                    .ignorableWhitespace = on_text,
                                    .cdataBlock = on_text,
                                    .serror = on_xml_error,
                                    .initialized = XML_SAX2_MAGIC};
    r->ctxt->userData = r;
    r->names_max = GS_MARKUP_XML_NAMES;
    /* NOENT: &amp; in an attribute as &, not as a reference again. There are no other entities. */
    int options = XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOENT;
    xmlCtxtReadMemory(r->ctxt, (const char *)bytes, (int)size, NULL, "UTF-8", options);
    if (r->status == GAOSOU_OK && !r->ctxt->wellFormed)
        r->status = gs_err_set(r->err, GAOSOU_E_INPUT, "line %u: not well-formed XML", line_of(r));
}

/* UTF-16 with a BOM becomes UTF-8 in *out; anything else leaves it empty. */
static enum gaosou_status from_utf16(const uint8_t *bytes, size_t size, struct gs_buf *out,
                                     struct gs_err *err)
{
    bool little = size >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe;
    bool big = size >= 2 && bytes[0] == 0xfe && bytes[1] == 0xff;
    if (!little && !big)
        return GAOSOU_OK;
    struct gs_decoder decoder;
    enum gaosou_status status = gs_decoder_open(&decoder, little ? "UTF-16LE" : "UTF-16BE", err);
    if (status != GAOSOU_OK)
        return status;
    status = gs_decoder_feed(&decoder, bytes + 2, size - 2, true, out);
    gs_decoder_close(&decoder);
    return status;
}

/* ---- both ---------------------------------------------------------------------------------- */

static enum gaosou_status too_big(size_t size, struct gs_err *err)
{
    return gs_err_set(err, GAOSOU_E_LIMIT, "%zu bytes of markup; at most %zu are read", size,
                      GS_MARKUP_INPUT_MAX);
}

static enum gaosou_status read_with(xmlParserCtxtPtr ctxt,
                                    void (*run)(struct reader *, const uint8_t *, size_t),
                                    const uint8_t *bytes, size_t size,
                                    const struct gs_markup_events *events, void *user,
                                    struct gs_err *err)
{
    if (!ctxt)
        return gs_err_nomem(err, sizeof *ctxt);
    struct reader r = {.events = events, .user = user, .ctxt = ctxt, .err = err};
    run(&r, bytes, size);
    free(r.attributes);
    xmlFreeParserCtxt(ctxt);
    return r.status;
}

enum gaosou_status gs_markup_read_html(const uint8_t *bytes, size_t size,
                                       const struct gs_markup_events *events, void *user,
                                       struct gs_err *err)
{
    if (size > GS_MARKUP_INPUT_MAX)
        return too_big(size, err);
    if (size == 0)
        return GAOSOU_OK;
    pthread_once(&once, xmlInitParser);
    struct gs_buf clean;
    gs_buf_init(&clean, GS_MARKUP_INPUT_MAX * 2);
    clean_html(bytes, size, &clean);
    enum gaosou_status status = gs_buf_status(&clean);
    if (status == GAOSOU_OK)
        status =
            read_with(htmlNewParserCtxt(), run_html, clean.data, clean.size, events, user, err);
    else
        gs_err_nomem(err, size);
    gs_buf_release(&clean);
    return status;
}

enum gaosou_status gs_markup_read_xml(const uint8_t *bytes, size_t size,
                                      const struct gs_markup_events *events, void *user,
                                      struct gs_err *err)
{
    if (size > GS_MARKUP_INPUT_MAX)
        return too_big(size, err);
    pthread_once(&once, xmlInitParser);
    struct gs_buf decoded;
    gs_buf_init(&decoded, GS_MARKUP_INPUT_MAX * 3 / 2);
    enum gaosou_status status = from_utf16(bytes, size, &decoded, err);
    if (status == GAOSOU_OK && decoded.size)
        status =
            read_with(xmlNewParserCtxt(), run_xml, decoded.data, decoded.size, events, user, err);
    else if (status == GAOSOU_OK)
        status = read_with(xmlNewParserCtxt(), run_xml, bytes, size, events, user, err);
    gs_buf_release(&decoded);
    return status;
}

const struct gs_markup_attribute *gs_markup_attribute(const struct gs_markup_element *element,
                                                      const char *name)
{
    for (size_t i = 0; i < element->attribute_count; i++)
        if (strcmp(element->attributes[i].name, name) == 0)
            return &element->attributes[i];
    return NULL;
}

bool gs_markup_value_is(const struct gs_markup_attribute *attribute, const char *text)
{
    return attribute && attribute->size == strlen(text) &&
           memcmp(attribute->value, text, attribute->size) == 0;
}
