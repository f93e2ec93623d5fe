# What bash completes: complete.bash SCRIPT WORD... prints each possible end of the last word, a line.
# "=" is a word of its own, as readline has it.
source "$1"
shift
COMP_WORDS=(promster "$@") COMP_CWORD=$#
"$(complete -p promster | sed -E 's/.* -F ([^ ]+) .*/\1/')"
((${#COMPREPLY[@]})) && printf '%s\n' "${COMPREPLY[@]}"
exit 0
