# An interactive zsh that completes $LINE as soon as it has started, notes in $OUT what it has found,
# a line each, and ends. It is the .zshrc; the completion is the file _promster beside it.
fpath=($ZDOTDIR $fpath)
autoload -Uz compinit && compinit -u -D
compadd() {
  case " ${argv[*]} " in (*\ -[a-zA-Z]#[OAD]\ *) builtin compadd "$@"; return ;; esac
  local -a found
  builtin compadd -A found "$@"
  print -rl -- $found >> $OUT
  builtin compadd "$@"
}
zle-line-init() {
  BUFFER=$LINE CURSOR=$#LINE
  zle list-choices
  exit
}
zle -N zle-line-init
