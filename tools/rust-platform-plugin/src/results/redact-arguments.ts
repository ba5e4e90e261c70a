const SECRET_NAME = '[\\w.-]*(?:pass(?:word|wd|phrase)?|secret|token|api[-_]?key|credentials?)';
const SECRET_OPTION = new RegExp(`^--?${SECRET_NAME}$`, 'i');
const SECRET_VALUE = new RegExp(`((?:[?&]|^--?|\\s--?)${SECRET_NAME}=)[^&#\\s]+`, 'gi');
const USER_INFO = /:\/\/[^/?#\s]*@/g;
/** A password with a slash that was not encoded: no URL any more, and a secret still. */
const UNREADABLE_USER_INFO = /:\/\/[^/?#\s@:]*:(?!\d*(?:[/?#\s]|$))\S*@/g;
const MASK = '***';

/** A command line for people and files: `***` for the user and password of URLs and for options named like secrets. */
export function redactArguments(args: readonly string[]): string[] {
  return args.map((arg, at) => {
    const isValue = !arg.startsWith('-') && SECRET_OPTION.test(args[at - 1] ?? '');
    return isValue ? MASK : redactArgument(arg);
  });
}

/** The same in text that holds a command line. */
export function redactLine(text: string): string {
  return text.split(/(\s+)/).map(redactArgument).join('');
}

function redactArgument(text: string): string {
  return text
    .replace(USER_INFO, `://${MASK}@`)
    .replace(UNREADABLE_USER_INFO, `://${MASK}@`)
    .replace(SECRET_VALUE, `$1${MASK}`);
}
