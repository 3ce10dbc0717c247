/** Benchmarks: whole runs on real files, and the inner parts under JMH. */
package tidemark.bench;
