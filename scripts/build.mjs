import { requireNode } from './environment.mjs';
import { allMembers, prepare } from './prepare.mjs';

requireNode();
prepare(allMembers);
