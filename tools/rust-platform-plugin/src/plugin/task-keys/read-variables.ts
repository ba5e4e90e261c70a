import { isToolVariable } from '../../cargo/scan/tool-variables';

/** What the libraries of most services read, and the runner of Rust's tests. */
const BY_LIBRARIES =
  /^(RUST_LOG|RUST_MIN_STACK|RUST_TEST_.*|TZ|TOKIO_WORKER_THREADS|PROPTEST_.*|QUICKCHECK_.*|RSTEST_.*|INSTA_.*|UPDATE_EXPECT|UPDATE_GOLDENFILES|TRYBUILD|SNAPSHOTS|RAYON_NUM_THREADS|PG[A-Z]+|OTEL_.*|(HTTPS?|ALL|NO)_PROXY)$/i;

/**
 * What differs from terminal to terminal, machine to machine and CI job to CI job, and configures no service. Only left
 * out of "every variable": a name that a source holds as a text counts even so. In order: the shell and where it stands
 * (PATH too: npx and npm scripts prepend to it); terminal, editor and colours; the desktop's and SSH's session; places of
 * tools; Nx, npm and ourselves (services do not get these); agents; CI systems.
 */
const OF_THE_SESSION = [
  /^(_|PWD|OLDPWD|SHLVL|PATH|HOME|USER|USERNAME|LOGNAME|SHELL|HOSTNAME|HOSTTYPE|OSTYPE|MACHTYPE|MAIL|TMPDIR|TMP|TEMP)$/,
  /^(PS[0-9]|PROMPT.*|HIST.*|BASH_.*|ZSH.*|FISH_.*|ZDOTDIR|COMMAND_MODE|MANPATH|INFOPATH|UID|EUID|GROUPS|PPID|RANDOM)$/,
  /^(TERM.*|COLORTERM|COLORFGBG|COLUMNS|LINES|LS_COLORS|LSCOLORS|CLICOLOR.*|NO_COLOR|FORCE_COLOR|COLOR|NODE_DISABLE_COLORS|FORCE_HYPERLINK|CARGO_TERM_.*)$/,
  /^(EDITOR|VISUAL|PAGER|LESS.*|MANPAGER|BROWSER|TMUX.*|STY|WINDOWID|VTE_.*|KONSOLE_.*|ITERM_.*|KITTY_.*|ALACRITTY_.*|ConEmu.*|ZELLIJ.*)$/,
  /^(WEZTERM_.*|GHOSTTY_.*|WT_.*|WSL.*|VSCODE_.*|ZED_.*|CURSOR_.*|JETBRAINS_.*|IDEA_.*|__.*|LC_TERMINAL.*|SHELL_SESSION_ID)$/,
  /^(XDG_.*|DBUS_.*|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|DESKTOP_.*|GDM.*|GNOME_.*|KDE_.*|SESSION_MANAGER|GTK_.*|QT_.*)$/,
  /^(SSH_.*|GPG_.*|SUDO_.*|INVOCATION_ID|JOURNAL_STREAM|MANAGERPID|SYSTEMD_.*|SECURITYSESSIONID|XPC_.*|GIT_.*|DIRENV_.*)$/,
  /^(CARGO|CARGO_HOME|CARGO_(BUILD_)?TARGET_DIR|CARGO_BUILD_BUILD_DIR|RUSTUP_.*|NVM_.*|VOLTA_.*|FNM_.*|PYENV_.*|SDKMAN_.*)$/,
  /^(NX_.*|npm_.*|NPM_.*|RUST_PLATFORM_.*|NODE|NODE_(OPTIONS|PATH|EXTRA_CA_CERTS|CHANNEL_.*)|INIT_CWD|JEST_WORKER_ID|YARN_.*|PNPM_.*|BERRY_.*)$/,
  /^(CLAUDE.*|REPL_ID|COMPOSER_NO_INTERACTION|OPENCODE|CODEX_.*|SUPERSET_.*|GEMINI_CLI|COPILOT_.*|AI_AGENT)$/,
  /^(CI|CI_.*|GITHUB_.*|RUNNER_.*|ACTIONS_.*|GITLAB_.*|BUILDKITE.*|CIRCLE_.*|CIRCLECI|TRAVIS.*|JENKINS_.*|BUILD_.*|TF_BUILD|SYSTEM_.*|AGENT_.*)$/,
];

/** Names and values, sorted. */
export type Variables = Array<[name: string, value: string]>;

/** Those of a list that are set. */
export function namedVariables(names: readonly string[], env: NodeJS.ProcessEnv): Variables {
  return [...new Set(names)].sort().flatMap((name): Variables => {
    const value = env[name];
    return value === undefined ? [] : [[name, value]];
  });
}

/** Those that libraries and the runner of Rust's tests read on their own. */
export function isReadByLibraries(name: string): boolean {
  return BY_LIBRARIES.test(name);
}

export function libraryVariables(env: NodeJS.ProcessEnv): Variables {
  return setVariables(env, isReadByLibraries);
}

/** For sources that read variables whose names cannot be told. */
export function everyVariable(env: NodeJS.ProcessEnv): Variables {
  return setVariables(env, (name) => !isOfTheSession(name));
}

function setVariables(env: NodeJS.ProcessEnv, isWanted: (name: string) => boolean): Variables {
  return namedVariables(Object.keys(env).filter(isWanted), env);
}

function isOfTheSession(name: string): boolean {
  // The keys of compiling hold those already.
  return isToolVariable(name) || OF_THE_SESSION.some((pattern) => pattern.test(name));
}
