package coterie.scenarios.estimate;

/**
 * What a short run of a strategy took, whose turns have one iteration each.
 *
 * @param turns of each user
 * @param collaborations turns of each user that end in an occasion to collaborate
 * @param seconds of wall-clock time
 * @param virtualSeconds at its end
 * @param messages sent by all users
 * @param bytes of these messages
 * @param lineBytes length of the files of lines
 * @param otherBytes length of all other result files
 */
record Trial(
        int turns,
        int collaborations,
        double seconds,
        double virtualSeconds,
        long messages,
        long bytes,
        long lineBytes,
        long otherBytes) {}
