/* What HTML and XML declare of their encoding, after the prescan of the HTML standard (13.2.3.2).
 */
#include "indexer/detect.h"

#include <string.h>
#include <strings.h>

#define PRESCAN_SIZE ((size_t)4096)
#define NAME_SIZE    40 /* of an encoding's name, with its NUL */

struct text_span {
    const char *at, *end;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void skip_space(struct text_span *s)
{
    while (s->at < s->end && is_space(*s->at))
        s->at++;
}

static bool starts_with(const struct text_span *s, const char *word)
{
    size_t size = strlen(word);
    return (size_t)(s->end - s->at) >= size && strncasecmp(s->at, word, size) == 0;
}

static bool equals(struct text_span s, const char *word)
{
    return (size_t)(s.end - s.at) == strlen(word) && starts_with(&s, word);
}

/* Moves behind the next `word`, or to the end. */
static void skip_past(struct text_span *s, const char *word)
{
    const char *found = memmem(s->at, (size_t)(s->end - s->at), word, strlen(word));
    s->at = found ? found + strlen(word) : s->end;
}

/* A value, in quotes or up to space, ; or >. */
static struct text_span take_value(struct text_span *s)
{
    struct text_span value = {s->at, s->at};
    if (s->at < s->end && (*s->at == '"' || *s->at == '\'')) {
        char quote = *s->at++;
        const char *closing = memchr(s->at, quote, (size_t)(s->end - s->at));
        value = (struct text_span){s->at, closing ? closing : s->end};
        s->at = closing ? closing + 1 : s->end;
        return value;
    }
    while (s->at < s->end && !is_space(*s->at) && *s->at != '>' && *s->at != ';')
        s->at++;
    value.end = s->at;
    return value;
}

/* The next attribute of a tag; false at its end. */
static bool take_attribute(struct text_span *s, struct text_span *name, struct text_span *value)
{
    while (s->at < s->end && (is_space(*s->at) || *s->at == '/' || *s->at == ';'))
        s->at++;
    if (s->at == s->end || *s->at == '>')
        return false;
    name->at = s->at++; /* one character in any case, an odd = too */
    while (s->at < s->end && !is_space(*s->at) && !strchr("=>/", *s->at))
        s->at++;
    name->end = s->at;
    skip_space(s);
    *value = (struct text_span){s->at, s->at};
    if (s->at < s->end && *s->at == '=') {
        s->at++;
        skip_space(s);
        *value = take_value(s);
    }
    return true;
}

/* The encoding of "text/html; charset=gbk". */
static struct text_span charset_of(struct text_span content)
{
    while (content.at < content.end) {
        if (!starts_with(&content, "charset")) {
            content.at++;
            continue;
        }
        content.at += strlen("charset");
        skip_space(&content);
        if (content.at < content.end && *content.at == '=') {
            content.at++;
            skip_space(&content);
            return take_value(&content);
        }
    }
    return content;
}

/* UTF-16 cannot be declared in ASCII: it is UTF-8 then (HTML standard). NULL for no known name. */
static const char *known_name(struct text_span s)
{
    char name[NAME_SIZE];
    while (s.at < s.end && is_space(*s.at))
        s.at++;
    while (s.end > s.at && is_space(s.end[-1]))
        s.end--;
    size_t size = (size_t)(s.end - s.at);
    if (size == 0 || size >= NAME_SIZE || memchr(s.at, 0, size))
        return NULL;
    memcpy(name, s.at, size);
    name[size] = '\0';
    enum gs_encoding_family family = gs_encoding_family(name);
    bool wide = family == GS_FAMILY_UTF16 || family == GS_FAMILY_UTF32;
    return gs_encoding_canonical(wide ? "UTF-8" : name);
}

/* Of a <meta ...> whose attributes begin here. */
static const char *name_of_meta(struct text_span *s)
{
    struct text_span name, value, charset = {0}, content = {0};
    bool is_type = false;
    while (take_attribute(s, &name, &value)) {
        if (equals(name, "charset"))
            charset = value;
        else if (equals(name, "content"))
            content = value;
        else if (equals(name, "http-equiv"))
            is_type = equals(value, "content-type");
    }
    if (!charset.at && is_type && content.at)
        charset = charset_of(content);
    return charset.at ? known_name(charset) : NULL;
}

/* Of <?xml ... encoding="..."?>, where that is what the bytes begin with. */
static const char *name_of_xml(struct text_span s)
{
    struct text_span name, value;
    if (!starts_with(&s, "<?xml"))
        return NULL;
    s.at += strlen("<?xml");
    while (s.at < s.end && *s.at != '?' && take_attribute(&s, &name, &value)) {
        if (equals(name, "encoding"))
            return known_name(value);
    }
    return NULL;
}

static const char *next_declared(struct text_span *s)
{
    struct text_span name, value;
    const char *found = NULL;
    if (starts_with(s, "<!--")) {
        s->at += 2; /* <!--> is a whole comment */
        skip_past(s, "-->");
    } else if (starts_with(s, "<meta") && s->end - s->at > 5 &&
               (is_space(s->at[5]) || s->at[5] == '/')) {
        s->at += 5;
        found = name_of_meta(s);
    } else if (starts_with(s, "</") || starts_with(s, "<!") || starts_with(s, "<?")) {
        skip_past(s, ">");
    } else {
        s->at++;
        bool is_tag = s->at < s->end && ((*s->at | 0x20) >= 'a' && (*s->at | 0x20) <= 'z');
        while (is_tag && take_attribute(s, &name, &value)) {
        }
    }
    return found;
}

bool gs_encoding_declared(const uint8_t *bytes, size_t size, const char **name)
{
    if (size == 0)
        return false;
    struct text_span s = {(const char *)bytes, (const char *)bytes};
    s.end += size < PRESCAN_SIZE ? size : PRESCAN_SIZE;
    if (starts_with(&s, "\xEF\xBB\xBF"))
        s.at += 3;
    skip_space(&s);
    const char *found = name_of_xml(s);
    while (!found && s.at < s.end) {
        s.at = memchr(s.at, '<', (size_t)(s.end - s.at));
        if (!s.at)
            break;
        found = next_declared(&s);
    }
    if (found)
        *name = found;
    return found != NULL;
}
