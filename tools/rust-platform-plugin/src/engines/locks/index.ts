export { acquireLock, type Lock, type LockHolder, type LockRequest } from './acquire-lock';
export { formatLockHolder } from './lock-holder';
export { checkoutLock, machineLock, targetDirectoryLock, type NamedLockRequest } from './named-locks';
