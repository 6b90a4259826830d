# fish completion of gaosou-index and gaosou-query

complete -c gaosou-query -s F -d "take a text literally" -r
complete -c gaosou-query -s c -d "occurrences per filing"
complete -c gaosou-query -s e -d "a query" -r
complete -c gaosou-query -s h -d "help"
complete -c gaosou-query -s l -d "paths or ids only"
complete -c gaosou-query -s q -d "say nothing"
complete -c gaosou-query -l any -d "any of the terms, ranked"
complete -c gaosou-query -l b -d "BM25 b" -x
complete -c gaosou-query -l batch -d "a query a line from standard input"
complete -c gaosou-query -l collapse -d "filings that say the same once"
complete -c gaosou-query -l color -d "colour" -xa "auto always never"
complete -c gaosou-query -l colour -d "colour" -xa "auto always never"
complete -c gaosou-query -l context -d "sentences around a passage" -x
complete -c gaosou-query -l count -d "the number of filings"
complete -c gaosou-query -l csv -d "comma-separated values"
complete -c gaosou-query -l cursor -d "go on behind an answer" -x
complete -c gaosou-query -l explain -d "how the query was run"
complete -c gaosou-query -l facet -d "count values of fields" -xa "code name company type exchange board year"
complete -c gaosou-query -l facet-limit -d "values a field" -xa all
complete -c gaosou-query -l fields -d "columns or keys to show" -x
complete -c gaosou-query -l filter -d "further filters" -x
complete -c gaosou-query -l fragments -d "passages a filing" -xa all
complete -c gaosou-query -l help -d "help"
complete -c gaosou-query -l json -d "one JSON object"
complete -c gaosou-query -l jsonl -d "a JSON object a hit"
complete -c gaosou-query -l k1 -d "BM25 k1" -x
complete -c gaosou-query -l limit -d "filings shown" -xa all
complete -c gaosou-query -l matrix -d "filings by terms as CSV" -r
complete -c gaosou-query -l min-match -d "terms a filing must hold with --any" -x
complete -c gaosou-query -l no-snippets -d "no passages"
complete -c gaosou-query -l offset -d "filings skipped" -x
complete -c gaosou-query -l pager -d "pager" -xa "auto never"
complete -c gaosou-query -l quiet -d "say nothing"
complete -c gaosou-query -l rank -d "ranking of --any" -xa "plain full title proximity stop passages"
complete -c gaosou-query -l rows -d "what a row is" -xa "filings hits"
complete -c gaosou-query -l show -d "the text of a filing" -x
complete -c gaosou-query -l sort -d "order" -xa "score newest oldest code length"
complete -c gaosou-query -l spans -d "offsets in JSON" -xa "bytes utf16"
complete -c gaosou-query -l synonyms -d "rules in Solr format" -r
complete -c gaosou-query -l threads -d "threads of --batch" -x
complete -c gaosou-query -l ties -d "order of equals" -xa "closest sequence"
complete -c gaosou-query -l timeout -d "time a search may take" -x
complete -c gaosou-query -l together -d "count what stands in one sentence or paragraph"
complete -c gaosou-query -l tsv -d "tab-separated values"
complete -c gaosou-query -l unknown -d "take in what filters cannot judge"
complete -c gaosou-query -l version -d "version"
complete -c gaosou-query -l why-not -d "why a filing does not match" -x
complete -c gaosou-query -l within -d "parts of the query together" -xa "sentence paragraph"

complete -c gaosou-index -n "not __fish_seen_subcommand_from add update delete merge check stats dump tokens" -xa "add update delete merge check stats dump tokens"
complete -c gaosou-index -s q -l quiet -d "say nothing but errors"
complete -c gaosou-index -s v -l verbose -d "say more"
complete -c gaosou-index -l help -d "help"
complete -c gaosou-index -l version -d "version"
complete -c gaosou-index -n "__fish_seen_subcommand_from add update" -l cache -d "folder of extracted texts" -r
complete -c gaosou-index -n "__fish_seen_subcommand_from add update" -l checkpoint -d "time between commits" -x
complete -c gaosou-index -n "__fish_seen_subcommand_from add update tokens" -l encoding -d "encoding of text files" -xa "utf-8 gb18030 big5-hkscs utf-16le utf-16be"
complete -c gaosou-index -n "__fish_seen_subcommand_from add update" -l filterable -d "fields of the input for filters" -x
complete -c gaosou-index -n "__fish_seen_subcommand_from add update" -l id-prefix -d "what ids begin with" -x
complete -c gaosou-index -n "__fish_seen_subcommand_from add update tokens" -l kernel -d "code path, for measurements" -xa "scalar avx512"
complete -c gaosou-index -n "__fish_seen_subcommand_from add update" -l memory -d "memory to use" -x
complete -c gaosou-index -n "__fish_seen_subcommand_from add update" -l meta -d "table of metadata" -r
complete -c gaosou-index -n "__fish_seen_subcommand_from add update" -l name-pattern -d "metadata in names" -x
complete -c gaosou-index -n "__fish_seen_subcommand_from add update delete" -l no-merge -d "no merging of segments"
complete -c gaosou-index -n "__fish_seen_subcommand_from add update" -l no-text -d "no text for passages"
complete -c gaosou-index -n "__fish_seen_subcommand_from add update" -l report -d "what became of each input" -r
complete -c gaosou-index -n "__fish_seen_subcommand_from add update" -l threads -d "threads" -x
complete -c gaosou-index -n "__fish_seen_subcommand_from update delete" -l force -d "more than a tenth"
complete -c gaosou-index -n "__fish_seen_subcommand_from update" -l prune -d "drop what is gone"
complete -c gaosou-index -n "__fish_seen_subcommand_from delete" -l where -d "filters" -x
complete -c gaosou-index -n "__fish_seen_subcommand_from delete" -l dry-run -d "say what would be deleted"
complete -c gaosou-index -n "__fish_seen_subcommand_from stats" -l json -d "as JSON"
complete -c gaosou-index -n "__fish_seen_subcommand_from dump" -l doc -d "one filing" -x
