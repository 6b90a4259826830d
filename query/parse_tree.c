/*
 * The grammar of docs/QUERY.md by recursive descent; its depth is capped, so the stack is too. A
 * part without content is a NULL node, which its operator drops.
 */
#include "query/parse.h"

#include <string.h>

struct node_list {
    struct gs_node **nodes;
    size_t count, capacity;
};

static enum gaosou_status parse_all(struct gs_parser *p, struct gs_node **out);
static enum gaosou_status parse_part(struct gs_parser *p, bool keywords, struct gs_node **out);

struct gs_node *gs_parse_node(struct gs_parser *p, enum gs_node_kind kind,
                              struct gs_node *const *children, size_t count)
{
    struct gs_node *node = gs_arena_alloc(p->arena, sizeof(*node));
    struct gs_node **copy = count ? gs_arena_alloc(p->arena, count * sizeof(*copy)) : NULL;
    if (!node || (count && !copy))
        return NULL;
    if (count)
        memcpy(copy, children, count * sizeof(*copy));
    *node = (struct gs_node){.kind = kind, .children = copy, .child_count = count};
    return node;
}

struct gs_node *gs_parse_leaf_node(struct gs_parser *p, uint32_t leaf)
{
    struct gs_node *node = gs_arena_alloc(p->arena, sizeof(*node));
    if (node)
        *node = (struct gs_node){.kind = GS_NODE_LEAF, .leaf = leaf};
    return node;
}

static enum gaosou_status list_push(struct gs_parser *p, struct node_list *list,
                                    struct gs_node *node)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 4;
        struct gs_node **grown = gs_arena_alloc(p->arena, capacity * sizeof(*grown));
        if (!grown)
            return gs_parse_nomem(p);
        if (list->count)
            memcpy(grown, list->nodes, list->count * sizeof(*grown));
        list->nodes = grown;
        list->capacity = capacity;
    }
    list->nodes[list->count++] = node;
    return GAOSOU_OK;
}

/* A node of the same kind gives its children instead of itself. */
static enum gaosou_status list_splice(struct gs_parser *p, struct node_list *list,
                                      enum gs_node_kind kind, struct gs_node *node)
{
    if (!node)
        return GAOSOU_OK;
    if (node->kind != kind)
        return list_push(p, list, node);
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < node->child_count && !status; i++)
        status = list_push(p, list, node->children[i]);
    return status;
}

static enum gaosou_status list_finish(struct gs_parser *p, const struct node_list *list,
                                      enum gs_node_kind kind, struct gs_node **out)
{
    *out = NULL;
    if (list->count == 0)
        return GAOSOU_OK;
    *out = list->count == 1 ? list->nodes[0] : gs_parse_node(p, kind, list->nodes, list->count);
    return *out ? GAOSOU_OK : gs_parse_nomem(p);
}

/* A NOT, or an AND of nothing else. */
static bool is_exclusion(const struct gs_node *node)
{
    if (!node || node->kind == GS_NODE_NOT)
        return node != NULL;
    if (node->kind != GS_NODE_AND)
        return false;
    for (size_t i = 0; i < node->child_count; i++) {
        if (node->children[i]->kind != GS_NODE_NOT)
            return false;
    }
    return true;
}

/* ---- what stands at p->at ---- */

static uint32_t sign_at(const struct gs_parser *p)
{
    size_t size;
    return gs_scan_sign(p, p->at, &size);
}

static void consume_sign(struct gs_parser *p)
{
    size_t size;
    gs_scan_sign(p, p->at, &size);
    p->at += size;
}

static bool at_any_keyword(const struct gs_parser *p)
{
    return gs_scan_keyword(p, "AND") || gs_scan_keyword(p, "OR");
}

/* The start of a part, white space skipped. */
static bool at_part(const struct gs_parser *p)
{
    uint32_t c = sign_at(p);
    return c != GS_SCAN_END && c != '|' && c != ')' && !at_any_keyword(p);
}

static bool at_minus(const struct gs_parser *p)
{
    size_t size, next_size;
    if (gs_scan_sign(p, p->at, &size) != '-')
        return false;
    uint32_t c = gs_scan_sign(p, p->at + size, &next_size);
    return c != GS_SCAN_END && c != ' ' && c != '-' && c != '|' && c != ')' && !gs_scan_is_digit(c);
}

static enum gaosou_status enter(struct gs_parser *p)
{
    if (p->depth == GS_QUERY_DEPTH_MAX)
        return gs_parse_limit(p, "brackets or exclusions too deep inside each other",
                              "括号或排除嵌套过深", GS_QUERY_DEPTH_MAX);
    p->depth++;
    return GAOSOU_OK;
}

/* NEAR( NEAR/8( SENTENCE( PARAGRAPH(, which later work will read. */
static enum gaosou_status check_unsupported(struct gs_parser *p)
{
    static const char *const NAMES[] = {"NEAR", "SENTENCE", "PARAGRAPH"};
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
        size_t length = strlen(NAMES[i]), size;
        if (p->size - p->at < length || memcmp(p->text + p->at, NAMES[i], length) != 0)
            continue;
        size_t at = p->at + length;
        if (i == 0 && at < p->size && p->text[at] == '/') {
            do
                at++;
            while (at < p->size && p->text[at] >= '0' && p->text[at] <= '9');
        }
        if (gs_scan_sign(p, at, &size) == '(')
            return gs_parse_fail(p, p->at, "NEAR, SENTENCE and PARAGRAPH are not supported yet",
                                 "尚不支持 NEAR、SENTENCE、PARAGRAPH");
    }
    return GAOSOU_OK;
}

/* ---- terms ---- */

static enum gaosou_status push_leaf(struct gs_parser *p, const struct gs_leaf *leaf, void *list)
{
    uint32_t index;
    enum gaosou_status status = gs_parse_append_leaf(p, leaf, &index);
    if (status)
        return status;
    struct gs_node *node = gs_parse_leaf_node(p, index);
    return node ? list_push(p, list, node) : gs_parse_nomem(p);
}

/* The leaf of a run or phrase, or an OR of its synonyms; NULL without content. */
static enum gaosou_status leaf_node(struct gs_parser *p, const struct gs_piece *piece,
                                    struct gs_node **out)
{
    struct gs_leaf leaf;
    struct node_list list = {0};
    enum gaosou_status status = gs_parse_analyse(p, piece, &leaf);
    if (!status && leaf.kind != GS_LEAF_NOTHING)
        status = gs_parse_synonyms(p, &leaf, push_leaf, &list);
    return status ? status : list_finish(p, &list, GS_NODE_OR, out);
}

/* A closing bracket that pairs with nothing in its run: ends the run (*ends), is text, or is an
 * error. */
static enum gaosou_status stray_bracket(struct gs_parser *p, size_t at, size_t size, bool *ends)
{
    if (p->group_depth > 0) {
        *ends = true;
        return GAOSOU_OK;
    }
    size_t next_size;
    uint32_t c = gs_scan_sign(p, at + size, &next_size);
    if (c != GS_SCAN_END && c != ' ' && c != '|' && c != ')')
        return GAOSOU_OK;
    return gs_parse_fail(p, at,
                         "this bracket closes nothing; put the text in quotes to search for it",
                         "此括号没有对应的左括号；要按文字查找，请加引号");
}

/* Finds the end of the run at p->at. */
static enum gaosou_status run_end(struct gs_parser *p, size_t *end)
{
    size_t open = 0, size;
    for (*end = p->at; *end < p->size; *end += size) {
        uint32_t c = gs_scan_sign(p, *end, &size);
        bool ends = c == ' ' || c == '|';
        if (c == '(')
            open++;
        if (c == ')' && open > 0) {
            open--;
        } else if (c == ')') {
            enum gaosou_status status = stray_bracket(p, *end, size, &ends);
            if (status)
                return status;
        }
        if (ends)
            break;
    }
    return GAOSOU_OK;
}

/* ? or * between two ASCII letters or digits, but in addresses. */
static enum gaosou_status check_wildcards(struct gs_parser *p, size_t start, size_t end)
{
    if (memmem(p->text + start, end - start, "://", 3))
        return GAOSOU_OK;
    uint32_t before = 0;
    for (size_t at = start, size, next_size; at < end; at += size) {
        uint32_t c = gs_scan_sign(p, at, &size);
        if ((c == '?' || c == '*') && gs_scan_is_alnum(before) && at + size < end &&
            gs_scan_is_alnum(gs_scan_char(p, at + size, &next_size)))
            return gs_parse_fail(p, at,
                                 "? and * inside a word are not supported yet (a * at its end is)",
                                 "尚不支持词中的 ? 和 *（词尾的 * 可用）");
        before = c;
    }
    return GAOSOU_OK;
}

static enum gaosou_status parse_run(struct gs_parser *p, struct gs_node **out)
{
    struct gs_piece piece = {.start = p->at, .figures = true};
    enum gaosou_status status = run_end(p, &piece.end);
    if (!status)
        status = check_wildcards(p, piece.start, piece.end);
    if (status)
        return status;
    p->at = piece.end;
    for (size_t back; piece.end > piece.start; piece.end -= back) {
        back = p->text[piece.end - 1] == '*' ? 1 : 3;
        if (back == 3 && (piece.end - piece.start < 3 ||
                          memcmp(p->text + piece.end - 3, "\xEF\xBC\x8A", 3) != 0))
            break;
        piece.prefix = true;
    }
    return leaf_node(p, &piece, out);
}

static enum gaosou_status parse_quoted(struct gs_parser *p, struct gs_node **out)
{
    size_t opening, closing = 0, size;
    gs_scan_sign(p, p->at, &opening);
    size_t end = gs_scan_quote_end(p, p->at, &closing);
    if (end == SIZE_MAX)
        return gs_parse_fail(p, p->at, "this quote is never closed; close it, or leave it out",
                             "引号没有配对；请补上右引号或去掉此引号");
    struct gs_piece piece = {.start = p->at + opening, .end = end, .figures = true};
    p->at = end + closing;
    if (p->at < p->size && p->text[p->at] == '~' &&
        gs_scan_is_digit(gs_scan_char(p, p->at + 1, &size)))
        return gs_parse_fail(p, p->at,
                             "a distance behind a phrase (\"...\"~8) is not supported yet",
                             "尚不支持短语后的距离（\"…\"~8）");
    return leaf_node(p, &piece, out);
}

static enum gaosou_status parse_group(struct gs_parser *p, struct gs_node **out)
{
    size_t opening = p->at;
    enum gaosou_status status = enter(p);
    if (status)
        return status;
    consume_sign(p);
    p->group_depth++;
    status = parse_all(p, out);
    p->group_depth--;
    p->depth--;
    if (status)
        return status;
    if (sign_at(p) != ')')
        return gs_parse_fail(p, opening,
                             "this bracket is never closed; close it, or put the text in quotes",
                             "括号没有配对；请补上右括号，要按文字查找请加引号");
    consume_sign(p);
    return GAOSOU_OK;
}

/* A group, a quoted phrase or a run: what may stand behind `title:` too. */
static enum gaosou_status parse_value(struct gs_parser *p, struct gs_node **out)
{
    uint32_t c = sign_at(p);
    if ((c != '(' && c != '"' && c != 0x300C && c != 0x300E) || gs_scan_is_glued(p, p->at))
        return parse_run(p, out);
    return c == '(' ? parse_group(p, out) : parse_quoted(p, out);
}

static enum gaosou_status parse_exclusion(struct gs_parser *p, size_t operator_at, bool keywords,
                                          struct gs_node **out)
{
    struct gs_node *child = NULL;
    gs_scan_skip_space(p);
    if (!at_part(p))
        return gs_parse_fail(p, operator_at, "NOT needs a term behind it", "NOT 后面缺少检索词");
    enum gaosou_status status = enter(p);
    if (status)
        return status;
    status = parse_part(p, keywords, &child);
    p->depth--;
    *out = NULL;
    if (status || !child)
        return status;
    if (is_exclusion(child))
        return gs_parse_fail(p, operator_at, "an exclusion of an exclusion; leave out both",
                             "对排除再作排除；请把两者都去掉");
    *out = gs_parse_node(p, GS_NODE_NOT, &child, 1);
    return *out ? GAOSOU_OK : gs_parse_nomem(p);
}

static enum gaosou_status parse_part(struct gs_parser *p, bool keywords, struct gs_node **out)
{
    size_t start = p->at;
    if (keywords && gs_scan_keyword(p, "NOT")) {
        p->at += 3;
        return parse_exclusion(p, start, true, out);
    }
    if (at_minus(p)) {
        consume_sign(p);
        return parse_exclusion(p, start, false, out);
    }
    struct gs_field_found field;
    enum gaosou_status status = check_unsupported(p);
    if (!status)
        status = gs_parse_field(p, &field);
    if (status)
        return status;
    if (field.kind == GS_QUERY_FIELD_FILTER)
        return gs_parse_filter(p, &field, out);
    p->title_depth += field.kind == GS_QUERY_FIELD_TITLE;
    status = parse_value(p, out);
    p->title_depth -= field.kind == GS_QUERY_FIELD_TITLE;
    return status;
}

/* ---- OR and AND ---- */

/* Consumes `|` or OR; false where neither stands. */
static bool take_or(struct gs_parser *p)
{
    if (sign_at(p) == '|') {
        consume_sign(p);
        return true;
    }
    if (!gs_scan_keyword(p, "OR"))
        return false;
    p->at += 2;
    return true;
}

static enum gaosou_status parse_alternatives(struct gs_parser *p, struct gs_node **out)
{
    struct node_list list = {0};
    size_t start = p->at, operator_at = p->at;
    do {
        struct gs_node *node = NULL;
        gs_scan_skip_space(p);
        if (!at_part(p))
            return gs_parse_fail(p, operator_at, "OR needs a term on both sides",
                                 "OR（|）两边都要有检索词");
        enum gaosou_status status = parse_part(p, true, &node);
        if (!status)
            status = list_splice(p, &list, GS_NODE_OR, node);
        if (status)
            return status;
        gs_scan_skip_space(p);
        operator_at = p->at;
    } while (take_or(p));
    for (size_t i = 0; list.count > 1 && i < list.count; i++) {
        if (is_exclusion(list.nodes[i]))
            return gs_parse_fail(
                p, start, "an exclusion cannot be one side of OR; put it outside: (A | B) -C",
                "排除不能作为 OR 的一边；请移到外面，如 (A | B) -C");
    }
    return list_finish(p, &list, GS_NODE_OR, out);
}

static enum gaosou_status parse_all(struct gs_parser *p, struct gs_node **out)
{
    struct node_list list = {0};
    size_t parts = 0;
    for (;;) {
        gs_scan_skip_space(p);
        size_t operator_at = p->at;
        bool and = gs_scan_keyword(p, "AND");
        if (and) {
            p->at += 3;
            gs_scan_skip_space(p);
            if (parts == 0 || !at_part(p))
                return gs_parse_fail(p, operator_at, "AND needs a term on both sides",
                                     "AND 两边都要有检索词");
        }
        uint32_t c = sign_at(p);
        if (c == GS_SCAN_END || (c == ')' && p->group_depth > 0))
            return list_finish(p, &list, GS_NODE_AND, out);
        if (c == ')')
            return gs_parse_fail(p, p->at, "this bracket closes nothing", "此括号没有对应的左括号");
        struct gs_node *node = NULL;
        enum gaosou_status status = parse_alternatives(p, &node);
        if (!status)
            status = list_splice(p, &list, GS_NODE_AND, node);
        if (status)
            return status;
        parts++;
    }
}

enum gaosou_status gs_parse_syntax(struct gs_parser *p)
{
    struct gs_node *root = NULL;
    if (p->size >= 3 && memcmp(p->text, "\xEF\xBB\xBF", 3) == 0)
        p->at = 3;
    enum gaosou_status status = parse_all(p, &root);
    if (status)
        return status;
    if (!root)
        return gs_parse_fail(p, 0, "there is nothing to search for: no letter, digit or character",
                             "查询为空：没有可检索的字、词或数字");
    if (is_exclusion(root))
        return gs_parse_fail(p, 0, "only exclusions; add a term that is to be found",
                             "只有排除条件；请加上至少一个要查找的词");
    p->query->root = root;
    return GAOSOU_OK;
}
