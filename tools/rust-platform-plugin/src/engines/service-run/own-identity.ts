/** Executors may not import `process/`: an owner of databases and servers is what they need of it. */
export { ownIdentity } from '../../process/process-identity';
