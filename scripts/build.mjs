import { requireNode } from './environment.mjs';
import { allMembers, prepare } from './prepare.mjs';

requireNode();
// Without names all of them.
const names = process.argv.slice(2);
prepare(names.length > 0 ? names : allMembers);
