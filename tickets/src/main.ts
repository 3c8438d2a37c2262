// The process: the only reader of the environment and of signals.
import { run } from '@ticketing/common';
import { configFrom } from './config';
import { createService } from './service';

void run(() => createService(configFrom(process.env)), process.argv.slice(2));
