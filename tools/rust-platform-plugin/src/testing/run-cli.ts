import { main } from '../cli/cli';

/** The command line from source, as `bin/rust-platform.js` runs the built one. */
void main();
