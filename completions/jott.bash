# Completion of jott in bash: jott says itself what can stand where the cursor is.
_jott() {
    local line=${COMP_LINE:0:COMP_POINT} words=() word breaks= kept value
    # Bash takes words apart at `:` and `=`. What has no blank in between is one word again.
    for word in "${COMP_WORDS[@]:0:COMP_CWORD}"; do
        if [[ ${#words[@]} -eq 0 || $line == [[:blank:]]* ]]; then
            words+=("$word")
        else
            words[${#words[@]} - 1]+=$word
        fi
        line=${line#"${line%%[![:blank:]]*}"}
        line=${line#"$word"}
    done
    if [[ $line == [[:blank:]]* ]]; then
        words+=("${line#"${line%%[![:blank:]]*}"}")
    else
        words[${#words[@]} - 1]+=$line
    fi
    word=${words[${#words[@]} - 1]}
    # Up to the last of them, a word stays as it is.
    [[ $COMP_WORDBREAKS != *:* ]] || breaks+=:
    [[ $COMP_WORDBREAKS != *=* ]] || breaks+==
    kept=
    [[ -z $breaks || $word != *["$breaks"]* ]] || kept=${word%"${word##*["$breaks"]}"}
    COMPREPLY=()
    while IFS=$'\t' read -r value _; do
        value=${value#"$kept"}
        [[ $value != *[[:blank:]\'\"\\\$\`\&\;\(\)\<\>\|\*\?\[\!\#]* ]] || printf -v value %q "$value"
        COMPREPLY+=("$value")
    done < <(command jott completions bash -- "${words[@]}" 2> /dev/null)
    # More is to follow.
    [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *[=:/] ]] || compopt -o nospace 2> /dev/null
}

complete -F _jott jott
