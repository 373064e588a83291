/** Text files of others, read strictly: UTF-8, or told what is there instead. */
package coterie.topology.files;
