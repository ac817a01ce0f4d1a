import fc from "fast-check";

// Filters and documents that MongoDB, sift and Hookgate read alike.

const scalar = fc.constantFrom<(string | number | boolean)[]>(0, 1, 2, -3, 2.5, "", "a", "b", "ab", true, false);
export const name = fc.constantFrom("a", "b", "c");
const map = fc.dictionary(name, fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), {
  maxKeys: 3,
  noNullPrototype: true,
});
const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), map, fc.array(map, { maxLength: 3 }));
export const document = fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true });
export const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("."));

const leaf = fc.oneof(
  scalar,
  scalar.map(($eq) => ({ $eq })),
  scalar.map(($ne) => ({ $ne })),
  scalar.map(($gt) => ({ $gt })),
  scalar.map(($gte) => ({ $gte })),
  scalar.map(($lt) => ({ $lt })),
  scalar.map(($lte) => ({ $lte })),
  fc.array(scalar, { maxLength: 3 }).map(($in) => ({ $in })),
  fc.array(scalar, { maxLength: 3 }).map(($nin) => ({ $nin })),
  fc.boolean().map(($exists) => ({ $exists })),
  fc.nat({ max: 3 }).map(($size) => ({ $size })),
  fc.array(scalar, { minLength: 1, maxLength: 2 }).map(($all) => ({ $all })),
  fc.constantFrom("^a", "b$", "^$", "[ab]{2}").map(($regex) => ({ $regex })),
  fc.tuple(scalar, scalar).map(([$gte, $ne]) => ({ $gte, $ne })),
  scalar.map(($gt) => ({ $not: { $gt } })),
);
const query = fc.dictionary(path, leaf, { minKeys: 1, maxKeys: 2, noNullPrototype: true });
export const filter = fc.oneof(
  query,
  fc.array(query, { minLength: 1, maxLength: 3 }).map(($or) => ({ $or })),
  fc.array(query, { minLength: 1, maxLength: 3 }).map(($and) => ({ $and })),
  fc.array(query, { minLength: 1, maxLength: 3 }).map(($nor) => ({ $nor })),
  fc.tuple(name, query).map(([field, $elemMatch]) => ({ [field]: { $elemMatch } })),
);
