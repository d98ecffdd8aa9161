# Completion of jott in fish: jott says itself what can stand where the cursor is.
complete --command jott --no-files --keep-order --arguments \
    '(command jott completions fish -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token --cut-at-cursor) 2>/dev/null)'
