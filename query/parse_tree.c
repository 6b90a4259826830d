/*
 * The grammar of docs/QUERY.md by recursive descent; its depth is capped, so the stack is too. A
 * part without content is a NULL node, which its operator drops.
 */
#include "query/parse.h"

#include <string.h>

static enum gaosou_status parse_part(struct gs_parser *p, bool keywords, struct gs_node **out);

/* ---- what stands at p->at ---- */

static bool at_any_keyword(const struct gs_parser *p)
{
    return gs_scan_keyword(p, "AND") || gs_scan_keyword(p, "OR");
}

/* The start of a part, white space skipped; keywords: AND and OR are operators here. */
static bool at_part(const struct gs_parser *p, bool keywords)
{
    uint32_t c = gs_scan_here(p);
    return c != GS_SCAN_END && c != '|' && c != ')' && !(keywords && at_any_keyword(p));
}

static bool at_minus(const struct gs_parser *p)
{
    size_t size, next_size;
    if (gs_scan_sign(p, p->at, &size) != '-')
        return false;
    uint32_t c = gs_scan_sign(p, p->at + size, &next_size);
    return c != GS_SCAN_END && c != ' ' && c != '-' && c != '|' && c != ')' && !gs_scan_is_digit(c);
}

enum gaosou_status gs_parse_enter(struct gs_parser *p)
{
    if (p->depth == GS_QUERY_DEPTH_MAX)
        return gs_parse_limit(p, "brackets or exclusions too deep inside each other",
                              "括号或排除嵌套过深", GS_QUERY_DEPTH_MAX);
    p->depth++;
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
    return node ? gs_node_list_push(p, list, node) : gs_parse_nomem(p);
}

enum gaosou_status gs_parse_term(struct gs_parser *p, const struct gs_piece *piece,
                                 struct gs_node **out)
{
    struct gs_leaf leaf;
    struct gs_node_list list = {0};
    enum gaosou_status status = gs_parse_analyse(p, piece, &leaf);
    if (!status && leaf.kind != GS_LEAF_NOTHING)
        status = gs_parse_synonyms(p, &leaf, push_leaf, &list);
    return status ? status : gs_node_list_finish(p, &list, GS_NODE_OR, out);
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

static enum gaosou_status parse_run(struct gs_parser *p, struct gs_node **out)
{
    struct gs_piece piece = {.start = p->at, .figures = true, .patterns = true};
    enum gaosou_status status = run_end(p, &piece.end);
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
    return gs_parse_term(p, &piece, out);
}

static enum gaosou_status parse_quoted(struct gs_parser *p, struct gs_node **out)
{
    size_t at = p->at, opening, closing = 0;
    gs_scan_sign(p, at, &opening);
    size_t end = gs_scan_quote_end(p, at, &closing);
    if (end == SIZE_MAX)
        return gs_parse_fail(p, at, "this quote is never closed; close it, or leave it out",
                             "引号没有配对；请补上右引号或去掉此引号");
    struct gs_piece piece = {.start = at + opening, .end = end, .figures = true};
    p->at = end + closing;
    if (gs_scan_is_distance(p, p->at))
        return gs_parse_quoted_near(p, at, &piece, out);
    return gs_parse_term(p, &piece, out);
}

enum gaosou_status gs_parse_brackets(struct gs_parser *p, struct gs_node **out)
{
    size_t opening = p->at;
    enum gaosou_status status = gs_parse_enter(p);
    if (status)
        return status;
    gs_scan_take(p);
    p->group_depth++;
    status = gs_parse_all(p, out);
    p->group_depth--;
    p->depth--;
    if (status)
        return status;
    if (gs_scan_here(p) != ')')
        return gs_parse_fail(p, opening,
                             "this bracket is never closed; close it, or put the text in quotes",
                             "括号没有配对；请补上右括号，要按文字查找请加引号");
    gs_scan_take(p);
    return GAOSOU_OK;
}

/* A group, a quoted phrase or a run: what may stand behind `title:` too. */
static enum gaosou_status parse_value(struct gs_parser *p, struct gs_node **out)
{
    uint32_t c = gs_scan_here(p);
    if ((c != '(' && c != '"' && c != 0x300C && c != 0x300E) || gs_scan_is_glued(p, p->at))
        return parse_run(p, out);
    return c == '(' ? gs_parse_brackets(p, out) : parse_quoted(p, out);
}

static enum gaosou_status parse_exclusion(struct gs_parser *p, size_t operator_at, bool keywords,
                                          struct gs_node **out)
{
    struct gs_node *child = NULL;
    gs_scan_skip_space(p);
    if (!at_part(p, keywords))
        return gs_parse_fail(p, operator_at, "NOT needs a term behind it", "NOT 后面缺少检索词");
    enum gaosou_status status = gs_parse_check_exclusion(p, operator_at);
    if (!status)
        status = gs_parse_enter(p);
    if (status)
        return status;
    status = parse_part(p, keywords, &child);
    p->depth--;
    *out = NULL;
    if (status || !child)
        return status;
    if (gs_node_is_exclusion(child))
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
        gs_scan_take(p);
        return parse_exclusion(p, start, false, out);
    }
    bool is_group;
    enum gaosou_status status = gs_parse_group(p, &is_group, out);
    if (status || is_group)
        return status;
    struct gs_field_found field;
    status = gs_parse_field(p, &field);
    if (!status && field.kind == GS_QUERY_FIELD_FILTER)
        status = gs_parse_check_place(p, start);
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
    if (gs_scan_here(p) == '|') {
        gs_scan_take(p);
        return true;
    }
    if (!gs_scan_keyword(p, "OR"))
        return false;
    p->at += 2;
    return true;
}

enum gaosou_status gs_parse_alternatives(struct gs_parser *p, struct gs_node **out)
{
    struct gs_node_list list = {0};
    size_t start = p->at, operator_at = p->at;
    do {
        struct gs_node *node = NULL;
        gs_scan_skip_space(p);
        if (!at_part(p, true))
            return gs_parse_fail(p, operator_at, "OR needs a term on both sides",
                                 "OR（|）两边都要有检索词");
        enum gaosou_status status = parse_part(p, true, &node);
        if (!status)
            status = gs_node_list_splice(p, &list, GS_NODE_OR, node);
        if (status)
            return status;
        gs_scan_skip_space(p);
        operator_at = p->at;
    } while (take_or(p));
    for (size_t i = 0; list.count > 1 && i < list.count; i++) {
        if (gs_node_is_exclusion(list.nodes[i]))
            return gs_parse_fail(
                p, start, "an exclusion cannot be one side of OR; put it outside: (A | B) -C",
                "排除不能作为 OR 的一边；请移到外面，如 (A | B) -C");
    }
    return gs_node_list_finish(p, &list, GS_NODE_OR, out);
}

enum gaosou_status gs_parse_all(struct gs_parser *p, struct gs_node **out)
{
    struct gs_node_list list = {0};
    size_t parts = 0;
    for (;;) {
        gs_scan_skip_space(p);
        size_t operator_at = p->at;
        bool and = gs_scan_keyword(p, "AND");
        if (and) {
            p->at += 3;
            gs_scan_skip_space(p);
            if (parts == 0 || !at_part(p, true))
                return gs_parse_fail(p, operator_at, "AND needs a term on both sides",
                                     "AND 两边都要有检索词");
        }
        uint32_t c = gs_scan_here(p);
        if (c == GS_SCAN_END || (c == ')' && p->group_depth > 0))
            return gs_node_list_finish(p, &list, GS_NODE_AND, out);
        if (c == ')')
            return gs_parse_fail(p, p->at, "this bracket closes nothing", "此括号没有对应的左括号");
        struct gs_node *node = NULL;
        enum gaosou_status status = gs_parse_alternatives(p, &node);
        if (!status)
            status = gs_node_list_splice(p, &list, GS_NODE_AND, node);
        if (status)
            return status;
        parts++;
    }
}

enum gaosou_status gs_parse_syntax(struct gs_parser *p)
{
    struct gs_node *root = NULL;
    p->at = gs_scan_mark(p);
    enum gaosou_status status = gs_parse_all(p, &root);
    if (status)
        return status;
    if (!root)
        return gs_parse_fail(p, 0, "there is nothing to search for: no letter, digit or character",
                             "查询为空：没有可检索的字、词或数字");
    if (gs_node_is_exclusion(root))
        return gs_parse_fail(p, 0, "only exclusions; add a term that is to be found",
                             "只有排除条件；请加上至少一个要查找的词");
    p->query->root = root;
    return GAOSOU_OK;
}
