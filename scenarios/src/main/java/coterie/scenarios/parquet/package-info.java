/** Text in Parquet files, read by the embedded database. */
package coterie.scenarios.parquet;
