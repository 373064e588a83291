package coterie.model.files;

/** The kind of a value in the encoding of {@link RecordCodec}. Its ordinal is part of the format. */
enum RecordTag {
    NULL,
    BACK,
    RECORD,
    ENUM,
    INT,
    LONG,
    DOUBLE,
    BOOLEAN,
    TEXT,
    INTS,
    LONGS,
    DOUBLES,
    FLOATS,
    BYTES,
    BOOLEANS,
    LIST,
    MAP;

    static final RecordTag[] ALL = values();
}
