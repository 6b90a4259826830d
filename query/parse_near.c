/* Groups: NEAR, a distance behind a quotation, SENTENCE, PARAGRAPH and --within (docs/QUERY.md,
 * Near and Places). */
#include "query/parse.h"

#include <string.h>

/* NEAR( NEAR/8( SENTENCE( PARAGRAPH( */
struct group_head {
    enum gs_node_kind kind;
    uint32_t distance; /* GS_NODE_NEAR */
    size_t bracket;    /* byte offset */
};

/* The number at `at`, which ends at *end; beyond GS_QUERY_NEAR_MAX any greater one. */
static uint32_t read_distance(const struct gs_parser *p, size_t at, size_t *end)
{
    uint32_t number = 0;
    size_t size;
    for (*end = at;; *end += size) {
        uint32_t c = gs_scan_char(p, *end, &size);
        if (!gs_scan_is_digit(c))
            return number;
        number = number * 10 + (c >= 0xFF10 ? c - 0xFF10 : c - '0');
        if (number > GS_QUERY_NEAR_MAX)
            number = GS_QUERY_NEAR_MAX + 1;
    }
}

static enum gaosou_status check_distance(struct gs_parser *p, uint32_t distance)
{
    if (distance <= GS_QUERY_NEAR_MAX)
        return GAOSOU_OK;
    return gs_parse_limit(p, "too many positions between the parts of a NEAR",
                          "NEAR 各部分之间相距过远", GS_QUERY_NEAR_MAX);
}

static bool read_head(const struct gs_parser *p, struct group_head *head)
{
    static const struct {
        const char *name;
        enum gs_node_kind kind;
    } GROUPS[] = {
        {"NEAR", GS_NODE_NEAR}, {"SENTENCE", GS_NODE_SENTENCE}, {"PARAGRAPH", GS_NODE_PARAGRAPH}};
    size_t size;
    for (size_t i = 0; i < sizeof(GROUPS) / sizeof(GROUPS[0]); i++) {
        size_t length = strlen(GROUPS[i].name), at = p->at + length, end;
        if (p->size - p->at < length || memcmp(p->text + p->at, GROUPS[i].name, length) != 0)
            continue;
        *head = (struct group_head){.kind = GROUPS[i].kind, .distance = GS_QUERY_NEAR_DEFAULT};
        if (head->kind == GS_NODE_NEAR && at < p->size && p->text[at] == '/') {
            head->distance = read_distance(p, at + 1, &end);
            at = end == at + 1 ? at : end;
        }
        head->bracket = at;
        return gs_scan_sign(p, at, &size) == '(';
    }
    return false;
}

/* ---- NEAR ---- */

/* A leaf, or an OR of leaves. */
static bool is_near_part(const struct gs_node *node)
{
    for (size_t i = 0; i < node->child_count; i++) {
        if (node->children[i]->kind != GS_NODE_LEAF)
            return false;
    }
    return node->kind == GS_NODE_LEAF || node->kind == GS_NODE_OR;
}

static enum gaosou_status fail_near_part(struct gs_parser *p, size_t at)
{
    return gs_parse_fail(
        p, at, "NEAR takes terms and ORs of terms only: no AND, NOT, filter or group inside",
        "NEAR 里只能有检索词和用 OR（|）连接的检索词，不能有 AND、NOT、筛选条件或其他 NEAR");
}

enum gaosou_status gs_parse_check_exclusion(struct gs_parser *p, size_t at)
{
    return p->near_depth == 0 ? GAOSOU_OK : fail_near_part(p, at);
}

static enum gaosou_status push_near_part(struct gs_parser *p, struct gs_node_list *parts, size_t at,
                                         struct gs_node *part)
{
    if (!part)
        return GAOSOU_OK;
    if (!is_near_part(part))
        return fail_near_part(p, at);
    if (parts->count == GS_QUERY_NEAR_PARTS_MAX)
        return gs_parse_limit(p, "too many parts of a NEAR", "NEAR 的部分过多",
                              GS_QUERY_NEAR_PARTS_MAX);
    return gs_node_list_push(p, parts, part);
}

static enum gaosou_status finish_near(struct gs_parser *p, const struct gs_node_list *parts,
                                      uint32_t distance, size_t at, struct gs_node **out)
{
    if (parts->count < 2)
        return gs_parse_fail(p, at,
                             "a distance needs two parts or more, with white space between them: "
                             "NEAR/8(A B) or \"A B\"~8",
                             "相距须有至少两个以空格分开的部分，如 NEAR/8(A B) 或 \"A B\"~8");
    *out = gs_parse_node(p, GS_NODE_NEAR, parts->nodes, parts->count);
    if (!*out)
        return gs_parse_nomem(p);
    (*out)->distance = distance;
    return GAOSOU_OK;
}

/* The parts up to the closing bracket or the end. */
static enum gaosou_status parse_near_parts(struct gs_parser *p, struct gs_node_list *parts)
{
    enum gaosou_status status = GAOSOU_OK;
    while (!status) {
        gs_scan_skip_space(p);
        size_t at = p->at;
        uint32_t c = gs_scan_here(p);
        if (c == GS_SCAN_END || c == ')')
            return GAOSOU_OK;
        if (gs_scan_keyword(p, "AND"))
            return gs_parse_fail(p, at, "there is no AND inside NEAR: white space parts its terms",
                                 "NEAR 里不用 AND，各部分以空格分开");
        struct gs_node *part = NULL;
        status = gs_parse_alternatives(p, &part);
        if (!status)
            status = push_near_part(p, parts, at, part);
    }
    return status;
}

static enum gaosou_status parse_near(struct gs_parser *p, const struct group_head *head, size_t at,
                                     struct gs_node **out)
{
    struct gs_node_list parts = {0};
    enum gaosou_status status = check_distance(p, head->distance);
    if (!status)
        status = gs_parse_enter(p);
    if (status)
        return status;
    gs_scan_take(p);
    p->group_depth++;
    p->near_depth++;
    status = parse_near_parts(p, &parts);
    p->near_depth--;
    p->group_depth--;
    p->depth--;
    if (status)
        return status;
    if (gs_scan_here(p) != ')')
        return gs_parse_fail(p, head->bracket, "this bracket is never closed; close it",
                             "括号没有配对；请补上右括号");
    gs_scan_take(p);
    return finish_near(p, &parts, head->distance, at, out);
}

enum gaosou_status gs_parse_quoted_near(struct gs_parser *p, size_t quote,
                                        const struct gs_piece *text, struct gs_node **out)
{
    struct gs_node_list parts = {0};
    size_t size, end;
    gs_scan_char(p, p->at, &size); /* the tilde */
    uint32_t distance = read_distance(p, p->at + size, &end);
    enum gaosou_status status = check_distance(p, distance);
    for (size_t at = text->start; at < text->end && !status;) {
        struct gs_piece piece = {.start = at, .end = at, .figures = true};
        while (piece.end < text->end && gs_scan_sign(p, piece.end, &size) != ' ')
            piece.end += size;
        struct gs_node *part = NULL;
        if (piece.end > at)
            status = gs_parse_term(p, &piece, &part);
        if (!status)
            status = push_near_part(p, &parts, at, part);
        gs_scan_char(p, piece.end, &size);
        at = piece.end + size;
    }
    p->at = end;
    return status ? status : finish_near(p, &parts, distance, quote, out);
}

/* ---- places ---- */

enum gaosou_status gs_parse_check_place(struct gs_parser *p, size_t at)
{
    if (p->place_depth == 0)
        return GAOSOU_OK;
    return gs_parse_fail(p, at, "a filter cannot stand in SENTENCE or PARAGRAPH; put it outside",
                         "SENTENCE、PARAGRAPH 里不能有筛选条件；请移到外面");
}

/* The place around a tree that has no filters; at: where it stands, for messages. */
static enum gaosou_status make_place(struct gs_parser *p, enum gs_node_kind kind, size_t at,
                                     struct gs_node *inside, struct gs_node **out)
{
    *out = NULL;
    if (!inside)
        return GAOSOU_OK;
    if (gs_node_is_exclusion(inside))
        return gs_parse_fail(
            p, at, "only exclusions in one sentence or paragraph; add a term that is to be found",
            "同句或同段里只有排除条件；请加上至少一个要查找的词");
    *out = gs_parse_node(p, kind, &inside, 1);
    return *out ? GAOSOU_OK : gs_parse_nomem(p);
}

static enum gaosou_status parse_place(struct gs_parser *p, const struct group_head *head, size_t at,
                                      struct gs_node **out)
{
    struct gs_node *inside = NULL;
    p->place_depth++;
    enum gaosou_status status = gs_parse_brackets(p, &inside);
    p->place_depth--;
    return status ? status : make_place(p, head->kind, at, inside, out);
}

enum gaosou_status gs_parse_group(struct gs_parser *p, bool *is_group, struct gs_node **out)
{
    struct group_head head;
    size_t at = p->at;
    *is_group = read_head(p, &head);
    if (!*is_group)
        return GAOSOU_OK;
    p->at = head.bracket;
    return head.kind == GS_NODE_NEAR ? parse_near(p, &head, at, out)
                                     : parse_place(p, &head, at, out);
}

/* ---- --within ---- */

/* Recursion is bounded by GS_QUERY_DEPTH_MAX. */
static bool holds_filter(const struct gs_node *node)
{
    for (size_t i = 0; i < node->child_count; i++) {
        if (holds_filter(node->children[i]))
            return true;
    }
    return node->kind == GS_NODE_FILTER;
}

/* Of literal texts and bags without content. */
static bool is_nothing(const struct gs_query *q, const struct gs_node *node)
{
    return node->kind == GS_NODE_LEAF && q->leaves[node->leaf].kind == GS_LEAF_NOTHING;
}

static bool holds_exclusion(const struct gs_node *node)
{
    bool holds = node->kind == GS_NODE_NOT;
    for (size_t i = 0; i < node->child_count && !holds; i++)
        holds = holds_exclusion(node->children[i]);
    return holds;
}

/* The same with leaves of its own. Recursion is bounded by GS_QUERY_DEPTH_MAX. */
static enum gaosou_status copy_tree(struct gs_parser *p, const struct gs_node *from,
                                    struct gs_node **out)
{
    struct gs_node *copy = gs_parse_node(p, from->kind, from->children, from->child_count);
    if (!copy)
        return gs_parse_nomem(p);
    copy->distance = from->distance;
    enum gaosou_status status = GAOSOU_OK;
    if (from->kind == GS_NODE_LEAF) {
        struct gs_leaf leaf = p->query->leaves[from->leaf];
        status = gs_parse_append_leaf(p, &leaf, &copy->leaf);
    }
    for (size_t i = 0; i < from->child_count && !status; i++)
        status = copy_tree(p, from->children[i], &copy->children[i]);
    *out = copy;
    return status;
}

enum gaosou_status gs_parse_within(struct gs_parser *p, enum gs_query_within within, bool too)
{
    struct gs_node *root = p->query->root, *place = NULL;
    struct gs_node_list inside = {0}, outside = {0};
    bool split = root->kind == GS_NODE_AND;
    enum gaosou_status status = GAOSOU_OK;
    if (within == GS_WITHIN_FILING || gs_node_is_filters(root) || is_nothing(p->query, root))
        return GAOSOU_OK;
    for (size_t i = 0; i < (split ? root->child_count : 1) && !status; i++) {
        struct gs_node *part = split ? root->children[i] : root;
        bool filters = gs_node_is_filters(part);
        if (!filters && holds_filter(part))
            return gs_parse_fail(
                p, 0, "with --within a filter stands by itself, not in an OR or NOT with terms",
                "用 --within 时，筛选条件须单独写，不能与检索词同在 OR 或 NOT 里");
        status = gs_node_list_push(p, filters ? &outside : &inside, part);
    }
    struct gs_node *text = NULL, *whole = NULL;
    if (!status)
        status = gs_node_list_finish(p, &inside, GS_NODE_AND, &text);
    /* without exclusions what matches in a place matches in the filing */
    if (!status && too && holds_exclusion(text))
        status = copy_tree(p, text, &whole);
    if (!status && whole)
        status = gs_node_list_push(p, &outside, whole);
    if (!status)
        status = make_place(p, within == GS_WITHIN_SENTENCE ? GS_NODE_SENTENCE : GS_NODE_PARAGRAPH,
                            0, text, &place);
    inside = (struct gs_node_list){0};
    if (!status)
        status = gs_node_list_push(p, &inside, place);
    for (size_t i = 0; i < outside.count && !status; i++)
        status = gs_node_list_push(p, &inside, outside.nodes[i]);
    return status ? status : gs_node_list_finish(p, &inside, GS_NODE_AND, &p->query->root);
}
