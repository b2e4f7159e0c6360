/** Exit code 0 if the app of this container is ready; says what it waits for. */
import process from 'node:process';

const { OPS_PORT = '3009' } = process.env;
const response = await fetch(`http://127.0.0.1:${OPS_PORT}/readyz`);
process.stdout.write(`${await response.text()}\n`);
process.exitCode = response.ok ? 0 : 1;
