/** Each asks `lienthong __complete` for the words, and completes files where it has none. */
export const SCRIPTS = {
  bash: `_lienthong() {
  local IFS=$'\\n'
  COMPREPLY=($(lienthong __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _lienthong lienthong
`,
  zsh: `#compdef lienthong
_lienthong() {
  local -a found
  found=("\${(@f)$(lienthong __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found" ]]; then compadd -- $found; else _files; fi
}
compdef _lienthong lienthong
`,
  fish: `function __lienthong_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found (lienthong __complete $words[2..-1] 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c lienthong -f -a '(__lienthong_complete)'
`,
} as const;
