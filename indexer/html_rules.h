/*
 * html_rules.h: what an element of a web page means for its text. Tables and string comparisons;
 * pure, thread-safe.
 */
#ifndef GS_INDEXER_HTML_RULES_H
#define GS_INDEXER_HTML_RULES_H

#include "indexer/markup.h"

enum gs_html_role {
    GS_HTML_INLINE, /* and what is not known */
    GS_HTML_BLOCK,
    GS_HTML_BREAK,
    GS_HTML_TABLE,
    GS_HTML_ROW,
    GS_HTML_CELL,
    GS_HTML_PREFORMATTED, /* a block, white space kept */
    GS_HTML_TITLE,
    GS_HTML_BODY,    /* html, body */
    GS_HTML_LINK,    /* a with an address, not into the same page */
    GS_HTML_DROPPED, /* with all that is inside */
};

/* Bits of what an element's attributes say. */
enum gs_html_trait {
    GS_HTML_HIDDEN = 1,
    GS_HTML_PAGE_BEFORE = 2,
    GS_HTML_PAGE_AFTER = 4,
    GS_HTML_KEEPS_SPACE = 8, /* white-space: pre and the like */
    GS_HTML_CHROME = 16,     /* likely navigation: dropped if half of its text or more is links */
};

enum gs_html_role gs_html_role_of(const struct gs_markup_element *element);

/*
 * Hidden: the attribute hidden; display: none, visibility: hidden, mso-hide: all in its style.
 * Chrome: the elements aside, header, footer; and where class or id have a word (split at white
 * space, - and _, any case) of this list, or one that ends in nav, menu or crumb(s): navbar,
 * navigation, breadcrumb(s), sidebar, header, head, footer, foot, top, toolbar, links, share,
 * pager, pagination, copyright, sitemap. (Elements that are navigation by what they are, nav and
 * role=navigation, menu, menubar, are GS_HTML_DROPPED.)
 */
unsigned gs_html_traits_of(const struct gs_markup_element *element);

/*
 * Pages made from PDFs by the usual tools are <div type="pdf" title="..."> with <div
 * type="paragraph" title="..."> inside, where the title is the section's heading and stands nowhere
 * else: that title, or NULL.
 */
const struct gs_markup_attribute *gs_html_section_title(const struct gs_markup_element *element,
                                                        bool *whole_document);

#endif
